// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.SyscallException;
import org.bpfdump.live.sys.Errno;
import org.bpfdump.live.sys.Fd;
import org.bpfdump.live.sys.Libc;
import org.bpfdump.live.sys.ProcessCalls;
import org.bpfdump.live.sys.Spawn;

/**
 * A program that was given a dump as its standard input; see {@link LiveDump#handTo}. It is a child
 * of this process, and whoever was given this object must close it. Safe for use by several
 * threads.
 */
public final class DumpProcess implements AutoCloseable {
  /** Added to the number of the signal that ended a process. */
  static final int SIGNALLED = 128;

  private static final int UNKNOWN = -1;

  private final ProcessCalls calls;
  private final int pid;
  private final Fd process;
  private final List<Fd> programHolders;
  private final AtomicBoolean closing = new AtomicBoolean();
  private boolean ended;
  private int exitCode;

  private DumpProcess(ProcessCalls calls, int pid, Fd process, List<Fd> programHolders) {
    this.calls = calls;
    this.pid = pid;
    this.process = process;
    this.programHolders = programHolders;
  }

  /** Starts one; becomes the owner of the holders when that succeeds. */
  static DumpProcess start(List<String> command, Fd input, List<Fd> programHolders) {
    try (Spawn spawn = new Spawn()) {
      int pid = spawn.duplicate(input.number(), 0).closeFrom(3).start(command);
      if (pid < 0) {
        String message = "cannot start " + command.getFirst() + ": " + Errno.text(-pid);
        throw pid == -Errno.ENOENT
            ? new RequestException("cannot start " + command.getFirst() + ": no such program")
            : new SyscallException(message, -pid);
      }
      Libc calls = new Libc();
      int process = (int) calls.openProcess(pid);
      if (process < 0) {
        calls.kill(pid, ProcessCalls.SIGKILL);
        await(calls, pid);
        throw new SyscallException(
            "cannot open a child of this process: " + Errno.text(-process), -process);
      }
      return new DumpProcess(calls, pid, Fd.own(calls, process), programHolders);
    }
  }

  /** Its process id. */
  public int pid() {
    return pid;
  }

  /**
   * Waits until it has ended. An interrupt does not end the wait, but closing this does.
   *
   * @return its exit code; 128 and the signal's number if a signal ended it; -1 where this process
   *     ignores SIGCHLD, so that the kernel tells nobody
   */
  public synchronized int waitFor() {
    if (!ended) {
      exitCode = await(calls, pid);
      ended = true;
      Held.closeAll(programHolders);
    }
    return exitCode;
  }

  /** Reaps a child; its exit code. */
  static int await(ProcessCalls calls, int pid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(ValueLayout.JAVA_INT);
      long result = -Errno.EINTR;
      while (result == -Errno.EINTR) {
        result = calls.await(pid, memory);
      }
      if (result < 0) {
        return UNKNOWN; // where SIGCHLD is ignored, nobody is told
      }
      int status = memory.get(ValueLayout.JAVA_INT, 0);
      int signal = status & 0x7f;
      return signal == 0 ? status >> 8 & 0xff : SIGNALLED + signal;
    }
  }

  /** Ends it, if it has not ended. */
  @Override
  public void close() {
    if (closing.compareAndSet(false, true)) {
      calls.signal(process.number(), ProcessCalls.SIGKILL);
      waitFor();
      process.close();
    }
  }
}
