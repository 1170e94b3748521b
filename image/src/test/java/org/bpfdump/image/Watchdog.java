// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Has a thread of its own do what may hang, and says where it hangs. */
final class Watchdog implements AutoCloseable {
  /** Processor time, far more than anything takes; other things on the machine do not count. */
  private static final Duration PATIENCE =
      Duration.ofSeconds(Integer.getInteger("bpfdump.patience", 20));

  /** Who waits for something takes no processor time: looked at so many times. */
  private static final int LOOKS = 30;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private Thread thread;
  private final ExecutorService one =
      Executors.newSingleThreadExecutor(task -> {
        thread = Thread.ofPlatform().daemon().name("hostile").unstarted(task);
        return thread;
      });

  /**
   * Does it.
   *
   * @return the processor time that it took
   * @throws AssertionError when it throws, or does not end; named by {@code what}
   */
  Duration watch(String what, Runnable work) throws InterruptedException {
    long[] time = new long[1];
    Future<?> done =
        one.submit(() -> {
          long start = threads.getCurrentThreadCpuTime();
          work.run();
          time[0] = threads.getCurrentThreadCpuTime() - start;
        });
    long before = -1;
    for (int looks = 0; ; looks++) {
      try {
        done.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        return Duration.ofNanos(time[0]);
      } catch (ExecutionException e) {
        throw new AssertionError(what, e.getCause());
      } catch (TimeoutException e) {
        long now = threads.getThreadCpuTime(thread.threadId());
        before = before < 0 ? now - PATIENCE.toNanos() / 2 : before;
        if (now - before >= PATIENCE.toNanos() || looks == LOOKS) {
          AssertionError hangs =
              new AssertionError(what + " takes more than " + PATIENCE + ", here");
          hangs.setStackTrace(thread.getStackTrace());
          throw hangs;
        }
      }
    }
  }

  @Override
  public void close() {
    one.shutdownNow();
  }
}
