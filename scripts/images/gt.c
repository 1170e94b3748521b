// SPDX-License-Identifier: Apache-2.0
// gt stay|panic OUTPUT FILE...: writes what each file has, with a heading, and then stays as it is, or has the kernel panic.
// An image of the machine differs from what was written in one thing: its descriptor 4, which is the file that was opened
// last.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static int out;

static void put(const char *bytes, long length) {
  while (length > 0) {
    long n = write(out, bytes, length);
    if (n <= 0)
      _exit(1);
    bytes += n;
    length -= n;
  }
}

int main(int argc, char **argv) {
  static char buffer[1 << 16];
  out = open(argv[2], O_WRONLY | O_NOCTTY);
  if (out != 3)
    return 1;
  for (int i = 3; i < argc; i++) {
    int file = open(argv[i], O_RDONLY);
    long n;
    if (file < 0)
      continue;
    put(buffer, snprintf(buffer, sizeof buffer, "@@FILE %s\n", argv[i]));
    while ((n = read(file, buffer, sizeof buffer)) > 0)
      put(buffer, n);
    if (i + 1 < argc)
      close(file);
  }
  put("@@END\n", 6);
  if (strcmp(argv[1], "panic") == 0) {
    tcdrain(out);
    close(4);
    if (open("/proc/sysrq-trigger", O_WRONLY) != 4 || write(4, "c", 1) != 1)
      return 1;
  }
  for (;;)
    pause();
}
