// SPDX-License-Identifier: Apache-2.0
// world PROCESSES FILES: makes so many processes with so many open files each, and some of every kind of thing that a dump
// can be held against: threads, a zombie, a stopped process, names that need care, sockets of each kind and state.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static void stay(void) {
  for (;;)
    pause();
}

static void *thread(void *name) {
  prctl(PR_SET_NAME, name);
  stay();
  return NULL;
}

static int listener(int family, int type, int port) {
  int fd = socket(family, type, 0), one = 1;
  struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(fd, family == AF_INET ? (void *)&v4 : (void *)&v6, family == AF_INET ? sizeof v4 : sizeof v6))
    perror("bind");
  if (type == SOCK_STREAM && listen(fd, 5))
    perror("listen");
  return fd;
}

static int connected(int family, int port) {
  int fd = socket(family, SOCK_STREAM, 0);
  struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
  if (connect(fd, family == AF_INET ? (void *)&v4 : (void *)&v6, family == AF_INET ? sizeof v4 : sizeof v6))
    perror("connect");
  return fd;
}

static void sockets(void) {
  int four = listener(AF_INET, SOCK_STREAM, 8080), six = listener(AF_INET6, SOCK_STREAM, 8443);
  listener(AF_INET, SOCK_DGRAM, 5353);
  listener(AF_INET6, SOCK_DGRAM, 5354);
  connected(AF_INET, 8080);
  connected(AF_INET6, 8443);
  int early = connected(AF_INET, 8080); // closes first: time-wait
  accept(four, NULL, NULL);
  int other = accept(four, NULL, NULL);
  accept(six, NULL, NULL);
  close(early);
  close(other);
  struct sockaddr_un path = {.sun_family = AF_UNIX, .sun_path = "/tmp/world.sock"};
  struct sockaddr_un abstract = {.sun_family = AF_UNIX};
  memcpy(abstract.sun_path, "\0world", 6);
  int a = socket(AF_UNIX, SOCK_STREAM, 0), b = socket(AF_UNIX, SOCK_DGRAM, 0), pair[2];
  bind(a, (void *)&path, sizeof path);
  listen(a, 5);
  bind(b, (void *)&abstract, sizeof(sa_family_t) + 6);
  socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair);
}

static void child(const char *name, int files) {
  char path[300];
  prctl(PR_SET_NAME, name);
  for (int i = 0; i < files; i++) {
    snprintf(path, sizeof path, "/tmp/world/file-%d", i);
    open(path, O_RDWR | O_CREAT, 0600);
  }
}

int main(int argc, char **argv) {
  int processes = atoi(argv[1]), files = atoi(argv[2]);
  char name[16];
  static char longest[250];
  mkdir("/tmp/world", 0755);
  for (int i = 0; i < processes; i++)
    if (fork() == 0) {
      snprintf(name, sizeof name, "worker-%d", i);
      child(name, files);
      stay();
    }
  if (fork() == 0) {
    child("odd \\name\n(x)", 1);
    memset(longest, 'n', sizeof longest - 1);
    chdir("/tmp/world");
    open(longest, O_RDWR | O_CREAT, 0600);
    unlink(longest);
    dup2(0, 700);
    eventfd(3, 0);
    memfd_create("memory of it", 0);
    stay();
  }
  if (fork() == 0) {
    pthread_t t;
    child("threads", 2);
    for (int i = 0; i < 3; i++)
      pthread_create(&t, NULL, thread, (void *[]){"one", "two", "three"}[i]);
    stay();
  }
  if (fork() == 0) {
    child("sockets", 0);
    sockets();
    stay();
  }
  if (fork() == 0)
    _exit(7); // nobody waits for it
  pid_t stopped = fork();
  if (stopped == 0) {
    child("stopped", 0);
    stay();
  }
  sleep(1);
  kill(stopped, SIGSTOP);
  puts("world made");
  fflush(stdout);
  stay();
}
