// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bpfdump.error.SyscallException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.live.sys.Errno;
import org.bpfdump.live.sys.Fd;
import org.bpfdump.live.sys.Libc;
import org.bpfdump.live.sys.Spawn;

/**
 * A process that is born to open one file, in the pid namespace that this thread has chosen for its
 * children, and that holds it open until it is taken.
 *
 * <p>Only a process born in a pid namespace belongs to it, and a JVM cannot fork. {@code
 * posix_spawn} can open a file in the child before the child is another program; all that program
 * has to do is to stay. It is Java's launcher, which every JVM has, reading its arguments from a
 * pipe: it never comes to start a JVM. Its first two descriptors are the file and the pipe, and
 * there are no others. If this process ends, the pipe does, and so does the launcher.
 */
final class Holder {
  private static final Path LAUNCHER = Path.of(System.getProperty("java.home"), "bin", "java");
  private static final int FILE = 0;
  private static final int PIPE = 1;

  private final Libc calls;
  private final PidNamespace namespace;
  private final String path;

  Holder(Libc calls, PidNamespace namespace, String path) {
    this.calls = calls;
    this.namespace = namespace;
    this.path = path;
  }

  /** A descriptor of the file, or an error number negated: why the file cannot be opened. */
  int open() {
    if (!Files.isExecutable(LAUNCHER)) {
      throw new UnsupportedException(
          "cannot start a process in a pid namespace: "
              + LAUNCHER
              + " is missing or cannot be run; use a Java run-time that has it");
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(ValueLayout.JAVA_INT, 2);
      require((int) calls.pipe(ends), "make a pipe");
      try (Fd in = Fd.own(calls, ends.getAtIndex(ValueLayout.JAVA_INT, 0));
          Fd _ = Fd.own(calls, ends.getAtIndex(ValueLayout.JAVA_INT, 1))) {
        int pid = start(in);
        if (pid == -Errno.ENOMEM) {
          throw namespace.empty();
        }
        return pid < 0 ? pid : take(pid);
      }
    }
  }

  private int start(Fd pipe) {
    try (Spawn spawn = new Spawn()) {
      return spawn
          .open(FILE, path)
          .duplicate(pipe.number(), PIPE)
          .closeFrom(PIPE + 1)
          .start(List.of(LAUNCHER.toString(), "@/proc/self/fd/" + PIPE));
    }
  }

  private int take(int pid) {
    int taken;
    boolean killed;
    try {
      int process = (int) calls.openProcess(pid);
      require(process, "open a child of this process");
      try (Fd pidfd = Fd.own(calls, process)) {
        taken = (int) calls.takeDescriptor(pidfd.number(), FILE);
      }
    } finally {
      calls.kill(pid, Libc.SIGKILL);
      killed = DumpProcess.await(calls, pid) == DumpProcess.SIGNALLED + Libc.SIGKILL;
    }
    if (taken == -Errno.ESRCH || taken == -Errno.EBADF) {
      // When a namespace's first process ends, the kernel kills the others.
      throw killed
          ? namespace.empty()
          : new UnsupportedException(LAUNCHER + " ends when it is started; try it by itself");
    }
    if (taken == -Errno.EPERM) {
      throw new SyscallException(
          "cannot take a descriptor from a child of this process: "
              + Errno.text(Errno.EPERM)
              + ": see what /proc/sys/kernel/yama/ptrace_scope and other policies of this machine"
              + " forbid, or run as root",
          Errno.EPERM);
    }
    require(taken, "take a descriptor from a child of this process");
    return taken;
  }

  private static void require(int result, String what) {
    if (result < 0) {
      throw new SyscallException("cannot " + what + ": " + Errno.text(-result), -result);
    }
  }
}
