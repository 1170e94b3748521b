// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A line on standard error that says how far a dump is, if it takes longer than a second and a
 * person can see it. It goes when there is something else to see.
 */
final class Progress implements AutoCloseable {
  private static final long FIRST_MILLIS = 1000;
  private static final long NEXT_MILLIS = 500;
  private static final String ERASE = "\r\033[K";

  private final PrintStream err;
  private final boolean shared;
  private final long started = System.nanoTime();
  private volatile long rows;
  private boolean shown;
  private final CountDownLatch closed = new CountDownLatch(1);

  private Progress(PrintStream err, boolean shared) {
    this.err = err;
    this.shared = shared;
  }

  /**
   * Of a process whose standard error is a terminal.
   *
   * @param shared whether what it puts out is seen there, too
   */
  static Progress on(PrintStream err, boolean shared) {
    Progress progress = new Progress(err, shared);
    Thread.ofPlatform().daemon().name("progress").start(progress::tell);
    return progress;
  }

  /** Says nothing. */
  static Progress none() {
    return new Progress(null, false);
  }

  /** How many rows there are by now. */
  void rows(long now) {
    rows = now;
  }

  /** Puts something out where the line must not be in its way. */
  void without(Runnable output) {
    if (!shared) {
      output.run(); // it can wait for its reader, and the line goes on
      return;
    }
    synchronized (this) {
      erase();
      output.run();
    }
  }

  private void tell() {
    try {
      long millis = FIRST_MILLIS;
      while (!closed.await(millis, TimeUnit.MILLISECONDS)) {
        show();
        millis = NEXT_MILLIS;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void show() {
    if (closed.getCount() > 0) {
      long seconds = (System.nanoTime() - started) / 1_000_000_000;
      err.print(ERASE + "bpfdump: " + rows + " rows, " + seconds + " s");
      err.flush();
      shown = true;
    }
  }

  private void erase() {
    if (shown) {
      err.print(ERASE);
      err.flush();
      shown = false;
    }
  }

  @Override
  public synchronized void close() {
    closed.countDown();
    erase();
  }
}
