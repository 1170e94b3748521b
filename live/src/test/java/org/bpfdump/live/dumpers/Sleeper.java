// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.dumpers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A thread of this process that waits until it is closed. */
final class Sleeper implements AutoCloseable {
  private final CountDownLatch end = new CountDownLatch(1);
  private final CompletableFuture<Integer> tid = new CompletableFuture<>();

  Sleeper() {
    Thread.ofPlatform().daemon().start(this::sleep);
  }

  private void sleep() {
    try {
      Path self = Files.readSymbolicLink(Path.of("/proc/thread-self"));
      tid.complete(Integer.valueOf(self.getFileName().toString()));
      end.await();
    } catch (Exception e) {
      tid.completeExceptionally(e);
    }
  }

  /** The kernel's number of it. */
  int tid() {
    return tid.join();
  }

  /** Ends the thread, and returns when the kernel's has ended, too, which is a moment later. */
  @Override
  public void close() {
    end.countDown();
    Path task = Path.of("/proc/self/task/" + tid.join());
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (Files.exists(task) && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
  }
}
