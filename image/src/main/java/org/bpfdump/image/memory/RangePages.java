// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

/**
 * Memory that is in a file as it was in the machine. A page that is there in part only is absent:
 * such pages are at the ends of what the firmware calls memory, and a kernel uses whole pages.
 */
final class RangePages implements PageSource {
  private final Source source;
  private final Ranges ranges;

  /** Owns the source. */
  RangePages(Source source, Ranges ranges) {
    this.source = source;
    this.ranges = ranges;
  }

  @Override
  public int read(long frame, byte[] into, int at, int most) {
    if (frame < 0 || frame > Long.MAX_VALUE >>> PhysicalMemory.PAGE_SHIFT) {
      return 0;
    }
    long start = frame << PhysicalMemory.PAGE_SHIFT;
    int range = ranges.floor(start);
    if (range < 0 || ranges.end(range) <= start) {
      return 0;
    }
    int whole = (int) Math.min(most, (ranges.end(range) - start) >>> PhysicalMemory.PAGE_SHIFT);
    if (whole > 0) {
      source.read(ranges.offset(range, start), into, at, whole << PhysicalMemory.PAGE_SHIFT);
      return whole;
    }
    return assemble(start, range, into, at);
  }

  @Override
  public long next(long frame) {
    if (frame > Long.MAX_VALUE >>> PhysicalMemory.PAGE_SHIFT) {
      return Long.MAX_VALUE;
    }
    long start = frame << PhysicalMemory.PAGE_SHIFT;
    int range = ranges.floor(start);
    if (range >= 0 && ranges.end(range) > start) {
      return frame;
    }
    return range + 1 < ranges.size()
        ? Math.max(frame, ranges.start(range + 1) >>> PhysicalMemory.PAGE_SHIFT)
        : Long.MAX_VALUE;
  }

  /** A page of several ranges, if they touch. */
  private int assemble(long start, int first, byte[] into, int at) {
    int done = 0;
    for (int range = first; done < PhysicalMemory.PAGE; range++) {
      if (range == ranges.size() || ranges.start(range) > start + done) {
        return 0;
      }
      int n = (int) Math.min(ranges.end(range) - start, PhysicalMemory.PAGE) - done;
      source.read(ranges.offset(range, start + done), into, at + done, n);
      done += n;
    }
    return 1;
  }

  @Override
  public void close() {
    source.close();
  }
}
