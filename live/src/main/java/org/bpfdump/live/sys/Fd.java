// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.sys;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A descriptor that somebody owns. It is never 0: bpf(2) takes 0 for "none" in several places.
 * Closing it twice closes it once.
 */
public final class Fd implements AutoCloseable {
  private static final int LOWEST = 3;
  private static final int CLOSED = -1;

  private final Syscalls calls;
  private final AtomicInteger number;

  private Fd(Syscalls calls, int number) {
    this.calls = calls;
    this.number = new AtomicInteger(number);
  }

  /** Takes ownership of a descriptor that a system call returned. */
  public static Fd own(Syscalls calls, int number) {
    if (number != 0) {
      return new Fd(calls, number);
    }
    long other = calls.duplicate(number, LOWEST);
    calls.close(number);
    if (other < 0) {
      throw new org.bpfdump.error.SyscallException(
          "cannot move a descriptor away from number 0: " + Errno.text((int) -other), (int) -other);
    }
    return new Fd(calls, (int) other);
  }

  /**
   * The number.
   *
   * @throws IllegalStateException when it is closed
   */
  public int number() {
    int n = number.get();
    if (n == CLOSED) {
      throw new IllegalStateException("closed already");
    }
    return n;
  }

  /** Another descriptor for the same thing, with an owner of its own. */
  public Fd duplicate() {
    long other = calls.duplicate(number(), LOWEST);
    if (other < 0) {
      throw new org.bpfdump.error.SyscallException(
          "cannot duplicate a descriptor: " + Errno.text((int) -other), (int) -other);
    }
    return new Fd(calls, (int) other);
  }

  @Override
  public void close() {
    int n = number.getAndSet(CLOSED);
    if (n != CLOSED) {
      calls.close(n);
    }
  }
}
