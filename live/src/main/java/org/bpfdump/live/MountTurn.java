// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.bpfdump.error.SyscallException;
import org.bpfdump.live.sys.Errno;
import org.bpfdump.live.sys.Fd;
import org.bpfdump.live.sys.FileCalls;
import org.bpfdump.live.sys.Libc;

/**
 * The turn to look whether something is mounted and to mount it: a lock on a directory, which ends
 * with this, or with the process.
 */
final class MountTurn implements AutoCloseable {
  private static final long PATIENCE_NANOS = 5_000_000_000L;
  private static final long PAUSE_NANOS = 20_000_000L;

  private final Fd lock;

  private MountTurn(Fd lock) {
    this.lock = lock;
  }

  /** Waits for the turn, some seconds at the most. */
  static MountTurn take(Libc calls, Path directory) {
    int fd = (int) calls.open(directory.toString(), FileCalls.O_RDONLY);
    if (fd < 0) {
      throw new SyscallException(
          "cannot mount: " + directory + " cannot be opened: " + Errno.text(-fd), -fd);
    }
    Fd lock = Fd.own(calls, fd);
    long end = System.nanoTime() + PATIENCE_NANOS;
    long result = calls.tryLock(lock.number());
    while (result == -Errno.EAGAIN && System.nanoTime() < end) {
      LockSupport.parkNanos(PAUSE_NANOS);
      result = calls.tryLock(lock.number());
    }
    if (result < 0) {
      lock.close();
      throw new SyscallException(
          "cannot mount: another process keeps " + directory + " locked", (int) -result);
    }
    return new MountTurn(lock);
  }

  @Override
  public void close() {
    lock.close();
  }
}
