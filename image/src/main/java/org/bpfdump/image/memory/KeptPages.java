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

  /** Places that a page can be in: the one read last is in the first. A power of 2. */
  private static final int PLACES = 4;

  private record Kept(long frame, ByteBuffer page) {}

  private final PageSource source;
  private final int keptShift = keptShift();
  private final AtomicReferenceArray<Kept> kept = new AtomicReferenceArray<>(1 << keptShift);

  /** The frames of what is kept, to look at first; another thread may be about to change them. */
  private final long[] frames = new long[1 << keptShift];

  KeptPages(PageSource source) {
    this.source = source;
  }

  @Override
  public ByteBuffer page(long frame) {
    ByteBuffer found = find(frame);
    if (found != null) {
      return found;
    }
    byte[] bytes = new byte[PAGE];
    if (source.read(frame, bytes, 0, 1) == 0) {
      return null;
    }
    Kept page = new Kept(frame, PhysicalMemory.wrap(bytes));
    int first = first(frame);
    for (int i = PLACES - 1; i > 0; i--) {
      put(first + i, kept.get(first + i - 1));
    }
    put(first, page);
    return page.page;
  }

  private ByteBuffer find(long frame) {
    int first = first(frame);
    for (int i = first; i < first + PLACES; i++) {
      if (frames[i] == frame) {
        Kept found = kept.get(i);
        if (found != null && found.frame == frame) {
          return found.page;
        }
      }
    }
    return null;
  }

  private void put(int place, Kept page) {
    if (page != null) {
      frames[place] = page.frame;
      kept.set(place, page);
    }
  }

  @Override
  public int read(long frame, byte[] into, int at, int most) {
    ByteBuffer found = find(frame);
    if (found != null) {
      found.get(0, into, at, PAGE);
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

  /**
   * The first of a page's places. Spread, for what is used together may be a power of two apart.
   */
  private int first(long frame) {
    return (int) ((frame * 0x9E3779B97F4A7C15L) >>> (64 - keptShift)) & -PLACES;
  }

  @Override
  public void close() {
    source.close();
  }
}
