// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Receipt;

/**
 * A dump that is read by a thread of its own, some buffers ahead of who takes it: the kernel walks
 * on while rows are laid out.
 *
 * <p>Whatever the dump throws is thrown where it would have been, after the bytes before it. To
 * close it before its end does not wait for the kernel, which can be looking for a matching object
 * for long: the thread closes the dump then when its read returns, and keeps no process alive.
 */
final class ReadAhead implements Dump {
  /** How many buffers there are. */
  private static final int BUFFERS = 4;

  /** A kernel hands over at most one buffer of its own. */
  private static final int SIZE = 32 << 10;

  private final Dump dump;
  private final MemorySegment[] buffers = new MemorySegment[BUFFERS];
  private final long[] lengths = new long[BUFFERS];
  private final Receipt[] receipts = new Receipt[BUFFERS];

  // All below is guarded by this object. Buffers are counted from the first on, and used in turn.
  private long filled;
  private long emptied;
  private boolean ended;
  private boolean closed;
  private Throwable failure;
  private Receipt last;

  /** How much of the buffer that is being taken has been; for one thread. */
  private long taken;

  private Receipt receipt;

  /** Owns the dump. */
  ReadAhead(Dump dump) {
    this.dump = dump;
    receipt = dump.receipt();
    for (int i = 0; i < BUFFERS; i++) {
      buffers[i] = MemorySegment.ofBuffer(ByteBuffer.allocateDirect(SIZE));
    }
    Thread.ofPlatform().daemon().name("read ahead").start(this::fill);
  }

  private void fill() {
    Throwable thrown = null;
    try {
      for (long i = 0; room(i); i++) {
        int at = (int) (i % BUFFERS);
        long length = dump.read(buffers[at]);
        if (length == 0) {
          break;
        }
        lengths[at] = length;
        receipts[at] = dump.receipt();
        full(i);
      }
    } catch (RuntimeException | Error e) {
      thrown = e;
    }
    end(thrown);
  }

  /** Waits until a buffer is free; false when nobody takes any more. */
  private synchronized boolean room(long buffer) {
    while (!closed && buffer >= emptied + BUFFERS) {
      pause();
    }
    return !closed;
  }

  private synchronized void full(long buffer) {
    filled = buffer + 1;
    notifyAll();
  }

  private synchronized void end(Throwable thrown) {
    failure = thrown;
    last = dump.receipt();
    ended = true;
    if (closed) {
      dump.close();
    }
    notifyAll();
  }

  @SuppressWarnings("WaitNotInLoop") // those who call it are
  private void pause() {
    try {
      wait();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while a dump is read", e);
    }
  }

  @Override
  public long read(MemorySegment into) {
    if (!some()) {
      return 0;
    }
    int at = (int) (emptied % BUFFERS);
    long length = Math.min(lengths[at] - taken, into.byteSize());
    MemorySegment.copy(buffers[at], taken, into, 0, length);
    taken += length;
    if (taken == lengths[at]) {
      receipt = receipts[at];
      taken = 0;
      emptied();
    }
    return length;
  }

  /** Waits for a buffer; false at the end. */
  private synchronized boolean some() {
    while (filled == emptied && !ended) {
      pause();
    }
    if (filled > emptied) {
      return true;
    }
    receipt = last;
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    return false;
  }

  private synchronized void emptied() {
    emptied++;
    notifyAll();
  }

  /** Of what has been taken. */
  @Override
  public Receipt receipt() {
    return receipt;
  }

  @Override
  public synchronized void close() {
    if (!closed && ended) {
      dump.close();
    }
    closed = true;
    notifyAll();
  }
}
