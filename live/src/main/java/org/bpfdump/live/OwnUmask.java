// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.util.function.Supplier;
import org.bpfdump.error.SyscallException;
import org.bpfdump.live.sys.Errno;
import org.bpfdump.live.sys.FileCalls;

/**
 * Work under another umask. The umask is the whole process's, and other threads may be making
 * files: the work runs on a thread of its own, which first takes leave of what they share.
 */
final class OwnUmask<T> implements Runnable {
  private final FileCalls calls;
  private final int umask;
  private final Supplier<T> work;
  private T result;
  private Throwable failure;

  private OwnUmask(FileCalls calls, int umask, Supplier<T> work) {
    this.calls = calls;
    this.umask = umask;
    this.work = work;
  }

  /** What the work returns; what it throws is thrown. */
  static <T> T with(FileCalls calls, int umask, Supplier<T> work) {
    OwnUmask<T> task = new OwnUmask<>(calls, umask, work);
    Thread thread = Thread.ofPlatform().name("bpfdump-umask").start(task);
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true; // a few system calls are not worth leaving half-way
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return switch (task.failure) {
      case null -> task.result;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new AssertionError(task.failure); // a supplier throws nothing else
    };
  }

  @Override
  public void run() {
    try {
      long left = calls.unshareUmask();
      if (left < 0) {
        throw new SyscallException(
            "cannot set an umask for one thread: " + Errno.text((int) -left), (int) -left);
      }
      calls.umask(umask);
      result = work.get();
    } catch (Throwable e) {
      failure = e;
    }
  }
}
