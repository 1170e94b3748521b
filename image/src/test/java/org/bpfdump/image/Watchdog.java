// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Has a thread of its own do what may hang, and says where it hangs. */
final class Watchdog implements AutoCloseable {
  /** Far more than anything takes on a machine that is busy with other things. */
  private static final int SECONDS = Integer.getInteger("bpfdump.patience", 30);

  private Thread thread;
  private final ExecutorService one =
      Executors.newSingleThreadExecutor(task -> {
        thread = Thread.ofPlatform().daemon().name("hostile").unstarted(task);
        return thread;
      });

  /**
   * Does it.
   *
   * @throws AssertionError when it throws, or does not end; named by {@code what}
   */
  void watch(String what, Runnable work) throws InterruptedException {
    Future<?> done = one.submit(work);
    try {
      done.get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError(what, e.getCause());
    } catch (TimeoutException e) {
      AssertionError hangs = new AssertionError(what + " took more than " + SECONDS + " s, here");
      hangs.setStackTrace(thread.getStackTrace());
      throw hangs;
    }
  }

  @Override
  public void close() {
    one.shutdownNow();
  }
}
