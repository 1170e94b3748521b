// SPDX-License-Identifier: Apache-2.0
/*
 * Runs whole commands in turn, A B C A B C ..., each with standard output to /dev/null, ROUNDS times after
 * one round that does not count. Prints a line per run: index of the command, nanoseconds from before it is
 * started until it is reaped, greatest resident set of a process in it in KiB, nanoseconds of processor time.
 *
 * In C, because a JVM that starts processes and waits for them adds time of its own, and because a child's
 * greatest resident set begins as its parent's.
 */
#include "peer.h"
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

extern char **environ;

static long long processor(const struct rusage *usage)
{
	return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000000LL +
	       (usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) * 1000LL;
}

int main(int argc, char **argv)
{
	posix_spawn_file_actions_t actions;

	if (argc < 3) {
		fprintf(stderr, "usage: %s ROUNDS COMMAND...   (each for sh -c)\n", argv[0]);
		return 2;
	}
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	for (int round = 0, rounds = atoi(argv[1]); round <= rounds; round++) {
		for (int i = 2; i < argc; i++) {
			char *command[] = {"sh", "-c", argv[i], NULL};
			long long start = nanos();
			struct rusage usage;
			int status;
			pid_t child;

			errno = posix_spawn(&child, "/bin/sh", &actions, NULL, command, environ);
			if (errno)
				fail("/bin/sh");
			if (wait4(child, &status, 0, &usage) < 0)
				fail("wait4");

			long long time = nanos() - start;

			if (status) {
				fprintf(stderr, "status %d from: %s\n", status, argv[i]);
				return 1;
			}
			if (round)
				printf("%d %lld %ld %lld\n", i - 2, time, usage.ru_maxrss, processor(&usage));
			fflush(stdout);
		}
	}
	return 0;
}
