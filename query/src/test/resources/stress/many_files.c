// SPDX-License-Identifier: Apache-2.0
// Holds at least so many descriptors, all of one file, until the standard input ends: many_files COUNT. Its children
// hold as many each as the limit lets them. Prints how many children there are, and the last descriptor of each.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static void hold(int count, int ready) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (int fd = 3; fd < count; fd++)
    if (fd != ready && dup2(2, fd) != fd)
      _exit(1);
  if (write(ready, "", 1) == 1)
    for (;;)
      pause();
  _exit(1);
}

int main(int argc, char **argv) {
  int count = argc == 2 ? atoi(argv[1]) : 0;
  int ready[2];
  struct rlimit limit;
  char byte;
  signal(SIGCHLD, SIG_IGN);
  if (getrlimit(RLIMIT_NOFILE, &limit) || pipe(ready))
    return 1;
  limit.rlim_cur = limit.rlim_max < 500000 ? limit.rlim_max : 500000;
  if (setrlimit(RLIMIT_NOFILE, &limit))
    return 1;
  int each = limit.rlim_cur;
  int children = (count + each - 1) / each;
  for (int i = 0; i < children; i++)
    if (fork() == 0)
      hold(each, ready[1]);
  close(ready[1]);
  for (int i = 0; i < children; i++)
    if (read(ready[0], &byte, 1) != 1)
      return 1;
  printf("%d\n%d\n", children, each - 1);
  fflush(stdout);
  while (read(0, &byte, 1) > 0)
    ;
  return 0; // which ends them
}
