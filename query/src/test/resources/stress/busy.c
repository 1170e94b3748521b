// SPDX-License-Identifier: Apache-2.0
// Processes that fork, exec, open, rename themselves and exit as fast as they can, until the standard input ends:
//
//   busy DIRECTORY WORKERS UID
//
// Each worker has a letter; names and files of it and of its children are that letter and a digit 14 times. The file
// of digit d is DIRECTORY/NAME, open as descriptor 100 + d; DIRECTORY/bin/NAME is this program. All are in a pid
// namespace of their own, so that they end with its first process, however that does.
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DIGITS = 4, NAME = 16, FIRST = 100, RENAMES = 50 };

static const char *directory;

static void name_of(char letter, int digit, char *name) {
  memset(name, '0' + digit, NAME - 1);
  name[0] = letter;
  name[NAME - 1] = 0;
}

static void rename_to(char letter, int digit) {
  char name[NAME];
  name_of(letter, digit, name);
  prctl(PR_SET_NAME, name);
}

static void path_of(const char *where, char letter, int digit, char *path) {
  char name[NAME];
  name_of(letter, digit, name);
  snprintf(path, 512, "%s/%s%s", directory, where, name);
}

static void open_file(char letter, int digit) {
  char path[512];
  path_of("", letter, digit, path);
  int fd = open(path, O_RDONLY);
  if (fd < 0 || dup2(fd, FIRST + digit) < 0)
    _exit(1);
  close(fd);
}

// What a child has become.
static int become(char letter) {
  for (int digit = 0; digit < DIGITS; digit++) {
    rename_to(letter, digit);
    open_file(letter, digit);
  }
  for (int digit = 0; digit < DIGITS; digit++)
    close(FIRST + digit);
  return 0;
}

static void child(char letter, int digit) {
  char path[512];
  char letters[2] = {letter, 0};
  rename_to(letter, digit);
  open_file(letter, digit);
  path_of("bin/", letter, (digit + 1) % DIGITS, path);
  execl(path, path, directory, letters, (char *)NULL);
  _exit(1);
}

static void work(char letter) {
  for (int turn = 0;; turn++) {
    int digit = turn % DIGITS;
    pid_t pid = fork();
    if (pid == 0)
      child(letter, digit);
    for (int i = 0; i < RENAMES; i++)
      rename_to(letter, i % DIGITS);
    if (pid > 0)
      waitpid(pid, NULL, 0);
  }
}

int main(int argc, char **argv) {
  directory = argv[1];
  if (argc == 3)
    return become(argv[2][0]);
  int workers = atoi(argv[2]);
  char byte;
  rename_to('-', 0);
  if (unshare(CLONE_NEWPID))
    return 1;
  pid_t first = fork();
  if (first < 0)
    return 1;
  if (first == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (setgid(atoi(argv[3])) || setuid(atoi(argv[3])))
      return 1;
    prctl(PR_SET_PDEATHSIG, SIGKILL); // which a change of the user takes away
    for (int i = 0; i < workers; i++)
      if (fork() == 0)
        work(i < 26 ? 'A' + i : 'a' + i - 26);
    if (write(1, "\n", 1) != 1)
      return 1;
    for (;;) // and who has lost its parent
      if (wait(NULL) < 0)
        pause();
  }
  while (read(0, &byte, 1) > 0)
    ;
  kill(first, SIGKILL);
  waitpid(first, NULL, 0);
  return 0;
}
