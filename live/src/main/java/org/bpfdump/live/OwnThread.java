// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Work on a thread that ends with it, for what changes the thread that does it: its umask, its
 * namespaces. Nobody has to find the way back, to which there may be no right.
 */
final class OwnThread {
  private OwnThread() {}

  /** What the work returns; what it throws is thrown. */
  static <T> T call(String name, Supplier<T> work) {
    FutureTask<T> task = new FutureTask<>(work::get);
    Thread thread = Thread.ofPlatform().daemon().name("bpfdump-" + name).start(task);
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true; // it takes no time, and what it opens must find its owner
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (task.state() == Future.State.SUCCESS) {
      return task.resultNow();
    }
    switch (task.exceptionNow()) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new AssertionError(e); // a supplier throws nothing else
    }
  }
}
