// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A dump that is read by a thread of its own, some buffers ahead of who takes it: the walk goes on
 * while rows are made of what there is. The thread starts when a read has filled most of the memory
 * it was given, as there may be more to come then: a small dump has none.
 *
 * <p>Whatever the dump throws is thrown where it would have been, after the bytes before it. To
 * close it before its end hardly waits for the kernel, which can be looking for a matching object
 * for long: the thread closes the dump then when its read returns, and keeps no process alive.
 */
public final class ReadAhead implements Dump {
  /** How many buffers there are. */
  private static final int BUFFERS = 4;

  /** A kernel hands over at most one buffer of its own. */
  private static final int SIZE = 32 << 10;

  /** How long closing waits for a read to return: nearly all take less. */
  private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(100);

  private final Dump dump;
  private final MemorySegment[] buffers = new MemorySegment[BUFFERS];
  private final long[] lengths = new long[BUFFERS];
  private final Receipt[] receipts = new Receipt[BUFFERS];

  /** Whether the thread reads; for the thread that takes. */
  private boolean started;

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
  public ReadAhead(Dump dump) {
    this.dump = dump;
    receipt = dump.receipt();
  }

  private void start() {
    started = true;
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
    await(() -> closed || buffer < emptied + BUFFERS);
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

  /** Waits, with this object's lock. An interrupt is left to whoever asks for it. */
  private void await(BooleanSupplier condition) {
    boolean interrupted = false;
    while (!condition.getAsBoolean()) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public long read(MemorySegment into) {
    if (!started) {
      long length;
      try {
        length = dump.read(into);
      } finally {
        receipt = dump.receipt();
      }
      if (length > into.byteSize() / 2) {
        start();
      }
      return length;
    }
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
    await(() -> filled > emptied || ended);
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
    if (closed) {
      return;
    }
    closed = true;
    if (!started || ended) {
      dump.close();
      return;
    }
    notifyAll();
    long until = System.nanoTime() + PATIENCE;
    try {
      for (long left = PATIENCE; !ended && left > 0; left = until - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the dump is closed all the same
    }
  }
}
