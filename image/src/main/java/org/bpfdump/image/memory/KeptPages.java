// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The pages of a file, read when asked for; the last ones are kept. Owns what it reads from. */
final class KeptPages implements PhysicalMemory {
  /** Pages kept, as a power of two: 8 MB at least, 256 MB at most. */
  private static final int LEAST_KEPT = 11;

  private static final int MOST_KEPT = 16;

  /** How much of the heap they may take. */
  private static final int SHARE_SHIFT = 5;

  private record Kept(long frame, ByteBuffer page) {}

  private final PageSource source;
  private final int keptShift = keptShift();
  private final AtomicReferenceArray<Kept> kept = new AtomicReferenceArray<>(1 << keptShift);

  KeptPages(PageSource source) {
    this.source = source;
  }

  @Override
  public ByteBuffer page(long frame) {
    int slot = slot(frame);
    Kept found = kept.get(slot);
    if (found != null && found.frame == frame) {
      return found.page;
    }
    // A page that another one took the place of is beside it.
    Kept older = kept.get(slot ^ 1);
    if (older != null && older.frame == frame) {
      return older.page;
    }
    byte[] bytes = new byte[PAGE];
    if (source.read(frame, bytes, 0, 1) == 0) {
      return null;
    }
    ByteBuffer page = PhysicalMemory.wrap(bytes);
    if (found != null) {
      kept.set(slot ^ 1, found);
    }
    kept.set(slot, new Kept(frame, page));
    return page;
  }

  @Override
  public int read(long frame, byte[] into, int at, int most) {
    Kept found = kept.get(slot(frame));
    if (found != null && found.frame == frame) {
      found.page.get(0, into, at, PAGE);
      return 1;
    }
    return source.read(frame, into, at, most);
  }

  @Override
  public long next(long frame) {
    return source.next(frame);
  }

  private static int keptShift() {
    long pages = (Runtime.getRuntime().maxMemory() >>> SHARE_SHIFT) >>> PAGE_SHIFT;
    return Math.clamp(63L - Long.numberOfLeadingZeros(pages), LEAST_KEPT, MOST_KEPT);
  }

  /** Spread, for what is used together may be a power of two apart. */
  private int slot(long frame) {
    return (int) ((frame * 0x9E3779B97F4A7C15L) >>> (64 - keptShift));
  }

  @Override
  public void close() {
    source.close();
  }
}
