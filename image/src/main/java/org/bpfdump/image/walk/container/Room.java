// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.container;

import org.bpfdump.image.memory.PhysicalMemory;
import org.bpfdump.image.snapshot.Snapshot;

/**
 * How much memory a pass may come by. What it goes through takes memory that the image has; so one
 * that comes by more goes through the same again and again: many hash buckets lead to one chain,
 * many nodes of a tree to one list. Of one thread.
 */
public final class Room {
  /** What processes share is shown for each of them. */
  private static final int TIMES = 4;

  /** For images that lack most of their machine's memory. */
  private static final long LEAST = 64L << 20;

  private long left;

  /** As much as an image is worth. */
  public Room(Snapshot snapshot) {
    left = LEAST + TIMES * PhysicalMemory.PAGE * snapshot.file().coverage().present();
  }

  /**
   * Comes by an object or a table. Tables may be named by how many slots they claim to have: so
   * they are never begun when there is no room for them.
   *
   * @param bytes of it, or of the least that it can have
   * @throws BrokenException when there is no room for it: none is left then
   */
  public void take(long bytes) {
    if (bytes < 0 || bytes > left) {
      left = -1;
      throw new BrokenException("more than this image has memory for: the walk ends here");
    }
    left -= bytes;
  }

  /** The same of a table of slots of eight bytes at least. */
  public void takeSlots(long slots) {
    take(slots < 0 || slots > left ? Long.MAX_VALUE : slots * Long.BYTES);
  }

  /** Whether there was no room for something. */
  public boolean isExhausted() {
    return left < 0;
  }
}
