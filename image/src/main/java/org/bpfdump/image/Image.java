// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.vm.Engine;

/**
 * An opened image, which the kernel, its dumpers and their dumps hold together: the file is closed
 * when the last of them is.
 */
final class Image {
  private final Snapshot snapshot;
  private final Engine engine;
  private final AtomicInteger holders = new AtomicInteger(1);
  private final AtomicLong sessions = new AtomicLong();

  /** Held once, by the caller; owns the snapshot. */
  Image(Snapshot snapshot, Engine engine) {
    this.snapshot = snapshot;
    this.engine = engine;
  }

  Snapshot snapshot() {
    return snapshot;
  }

  Engine engine() {
    return engine;
  }

  /** The number of a pass that begins, {@code session_id}: 1 for the first. */
  long nextSession() {
    return sessions.incrementAndGet();
  }

  /**
   * Holds it once more.
   *
   * @throws IllegalStateException when nobody holds it any more
   */
  Hold hold() {
    if (holders.getAndUpdate(n -> n == 0 ? 0 : n + 1) == 0) {
      throw new IllegalStateException("closed already");
    }
    return new Hold(this);
  }

  /** The hold of whoever made it. */
  Hold first() {
    return new Hold(this);
  }

  private void release() {
    if (holders.decrementAndGet() == 0) {
      snapshot.close();
    }
  }

  /** One hold of an image. Closing it twice closes it once. */
  static final class Hold implements AutoCloseable {
    private final Image image;
    private final AtomicInteger open = new AtomicInteger(1);

    private Hold(Image image) {
      this.image = image;
    }

    /**
     * The image.
     *
     * @throws IllegalStateException when this is closed
     */
    Image image() {
      if (open.get() == 0) {
        throw new IllegalStateException("closed already");
      }
      return image;
    }

    @Override
    public void close() {
      if (open.getAndSet(0) == 1) {
        image.release();
      }
    }
  }
}
