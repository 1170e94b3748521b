// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.util.Arrays;

/**
 * Where in a file physical memory is: ranges in ascending order that do not overlap, and may start
 * and end at any byte.
 */
final class Ranges {
  private final long[] starts;
  private final long[] ends;
  private final long[] offsets;

  private Ranges(long[] starts, long[] ends, long[] offsets) {
    this.starts = starts;
    this.ends = ends;
    this.offsets = offsets;
  }

  /** How many ranges there are. */
  int size() {
    return starts.length;
  }

  /** Physical address of the first byte of a range. */
  long start(int index) {
    return starts[index];
  }

  /** Physical address after its last byte. */
  long end(int index) {
    return ends[index];
  }

  /** Where in the file a byte of it is. */
  long offset(int index, long physical) {
    return offsets[index] + (physical - starts[index]);
  }

  /** The last range that starts at an address or before it; -1 when there is none. */
  int floor(long physical) {
    int low = 0;
    int high = starts.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (starts[middle] <= physical) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  /** Whole pages in all ranges together; a page in two ranges that touch is one. */
  long wholePages() {
    long pages = 0;
    long mask = PhysicalMemory.PAGE - 1;
    for (int i = 0; i < starts.length; ) {
      long start = starts[i];
      long end = ends[i++];
      while (i < starts.length && starts[i] == end) {
        end = ends[i++];
      }
      long from = (start + mask) & ~mask;
      long to = end & ~mask;
      pages += Math.max(0, to - from) >>> PhysicalMemory.PAGE_SHIFT;
    }
    return pages;
  }

  /** The address after the last byte of all. */
  long end() {
    return ends.length == 0 ? 0 : ends[ends.length - 1];
  }

  /**
   * Makes them of ranges in any order. The same memory twice, as kdump has the kernel's image, is
   * taken from the range that starts first.
   *
   * @param starts of each the physical address; not negative
   * @param sizes of each, in bytes; start + size does not overflow
   * @param offsets in the file
   */
  static Ranges of(long[] starts, long[] sizes, long[] offsets) {
    int count = starts.length;
    Integer[] order = new Integer[count];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Long.compare(starts[a], starts[b]));
    long[] from = new long[count];
    long[] to = new long[count];
    long[] at = new long[count];
    int made = 0;
    long covered = 0;
    for (int i : order) {
      long start = Math.max(starts[i], covered);
      long end = starts[i] + sizes[i];
      if (start >= end) {
        continue;
      }
      long offset = offsets[i] + (start - starts[i]);
      if (made > 0 && to[made - 1] == start && at[made - 1] + (start - from[made - 1]) == offset) {
        to[made - 1] = end;
      } else {
        from[made] = start;
        to[made] = end;
        at[made] = offset;
        made++;
      }
      covered = end;
    }
    return new Ranges(Arrays.copyOf(from, made), Arrays.copyOf(to, made), Arrays.copyOf(at, made));
  }
}
