// SPDX-License-Identifier: Apache-2.0
/*
 * Holds COUNT files open, in as many processes as the descriptor limit asks for: says "ready" when it
 * does, and ends with all of them when its standard input does.
 */
#include "peer.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* Descriptors that are not for the files: standard ones and the pipe. */
#define SPARE 16

/* Files a process at most, so that the dump walks over the same processes wherever it runs. */
#define MOST 19000

static void ended(int signal)
{
	static const char why[] = "a holder of files ended early\n";

	(void)signal;
	(void)!write(2, why, sizeof(why) - 1);
	_exit(1);
}

static void hold(long count, int ready)
{
	signal(SIGCHLD, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (long i = 0; i < count; i++)
		if (open("/dev/null", O_RDONLY | O_CLOEXEC) < 0)
			fail("/dev/null");
	if (write(ready, "", 1) != 1)
		fail("pipe");
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	struct rlimit limit;
	int ready[2], holders = 0;
	char byte;

	/* A group of its own, to end. */
	setpgid(0, 0);
	if (argc != 2) {
		fprintf(stderr, "usage: %s COUNT\n", argv[0]);
		return 2;
	}
	if (getrlimit(RLIMIT_NOFILE, &limit))
		fail("getrlimit");
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		fail("setrlimit");
	if (pipe(ready))
		fail("pipe");
	/* The others get their SIGKILL as this process ends. */
	signal(SIGCHLD, ended);

	long count = atol(argv[1]);
	long each = limit.rlim_cur < MOST ? (long)limit.rlim_cur - SPARE : MOST;

	for (; count > 0; count -= each, holders++) {
		pid_t child = fork();

		if (child < 0)
			fail("fork");
		if (!child)
			hold(count < each ? count : each, ready[1]);
	}
	for (int i = 0; i < holders; i++)
		if (read(ready[0], &byte, 1) != 1)
			fail("pipe");
	printf("ready\n");
	fflush(stdout);
	while (read(0, &byte, 1) > 0)
		;
	/* All files are closed when this ends, so that what is measured next is not disturbed. */
	signal(SIGCHLD, SIG_DFL);
	signal(SIGTERM, SIG_IGN);
	kill(0, SIGTERM);
	while (wait(NULL) > 0)
		;
	return 0;
}
