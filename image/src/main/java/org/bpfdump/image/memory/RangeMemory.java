// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.lang.foreign.MemorySegment;

/**
 * Memory that is in a file as it was in the machine. A page that is there in part only is absent:
 * such pages are at the ends of what the firmware calls memory, and a kernel uses whole pages.
 */
final class RangeMemory implements PhysicalMemory {
  private final Source source;
  private final Ranges ranges;

  /** Owns the source. */
  RangeMemory(Source source, Ranges ranges) {
    this.source = source;
    this.ranges = ranges;
  }

  @Override
  public MemorySegment page(long frame) {
    if (frame < 0 || frame > Long.MAX_VALUE >>> PAGE_SHIFT) {
      return null;
    }
    long start = frame << PAGE_SHIFT;
    int range = ranges.floor(start);
    if (range < 0 || ranges.end(range) <= start) {
      return null;
    }
    if (ranges.end(range) - start >= PAGE) {
      return source.slice(ranges.offset(range, start), PAGE);
    }
    return assemble(start, range);
  }

  @Override
  public long next(long frame) {
    if (frame > Long.MAX_VALUE >>> PAGE_SHIFT) {
      return Long.MAX_VALUE;
    }
    long start = frame << PAGE_SHIFT;
    int range = ranges.floor(start);
    if (range >= 0 && ranges.end(range) > start) {
      return frame;
    }
    return range + 1 < ranges.size()
        ? Math.max(frame, ranges.start(range + 1) >>> PAGE_SHIFT)
        : Long.MAX_VALUE;
  }

  /** A page of several ranges, which touch. */
  private MemorySegment assemble(long start, int first) {
    MemorySegment page = MemorySegment.ofArray(new byte[PAGE]);
    long at = start;
    for (int i = first; at < start + PAGE; i++) {
      if (i == ranges.size() || ranges.start(i) > at) {
        return null;
      }
      long n = Math.min(ranges.end(i), start + PAGE) - at;
      page.asSlice(at - start, n).copyFrom(source.slice(ranges.offset(i, at), n));
      at += n;
    }
    return page.asReadOnly();
  }

  @Override
  public void close() {
    source.close();
  }
}
