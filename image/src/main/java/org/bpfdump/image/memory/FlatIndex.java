// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.util.Arrays;
import java.util.PriorityQueue;

/**
 * Where in a flattened file the bytes of the file proper are: pieces in ascending order, without
 * overlap, for what is written later replaces what was there.
 */
final class FlatIndex {
  private final long[] starts;
  private final long[] ends;
  private final long[] offsets;

  private FlatIndex(long[] starts, long[] ends, long[] offsets) {
    this.starts = starts;
    this.ends = ends;
    this.offsets = offsets;
  }

  /** The first piece that ends after a place; {@link #size} when there is none. */
  int after(long place) {
    int low = 0;
    int high = ends.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (ends[middle] <= place) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  int size() {
    return starts.length;
  }

  /** Place of a piece's first byte. */
  long start(int piece) {
    return starts[piece];
  }

  /** Place after its last byte. */
  long end(int piece) {
    return ends[piece];
  }

  /** Where in the flattened file a byte of it is. */
  long offset(int piece, long place) {
    return offsets[piece] + (place - starts[piece]);
  }

  /** The place after the last byte of all. */
  long end() {
    return ends.length == 0 ? 0 : ends[ends.length - 1];
  }

  /** Collects chunks in the order of the file. */
  static final class Builder {
    private long[] starts = new long[1 << 10];
    private long[] ends = new long[1 << 10];
    private long[] offsets = new long[1 << 10];
    private int count;

    int count() {
      return count;
    }

    /** A chunk of one byte or more. */
    void add(long start, long end, long offset) {
      if (count == starts.length) {
        starts = Arrays.copyOf(starts, 2 * count);
        ends = Arrays.copyOf(ends, 2 * count);
        offsets = Arrays.copyOf(offsets, 2 * count);
      }
      starts[count] = start;
      ends[count] = end;
      offsets[count] = offset;
      count++;
    }

    FlatIndex build() {
      int[] order = byStart();
      FlatIndex sorted =
          new FlatIndex(pick(starts, order), pick(ends, order), pick(offsets, order));
      for (int i = 1; i < count; i++) {
        if (sorted.ends[i - 1] > sorted.starts[i]) {
          return resolved(order);
        }
      }
      return sorted;
    }

    private static long[] pick(long[] from, int[] order) {
      return Arrays.stream(order).mapToLong(i -> from[i]).toArray();
    }

    /** The chunks in ascending order: a merge sort, for they come as a few ascending sequences. */
    private int[] byStart() {
      int[] order = new int[count];
      Arrays.setAll(order, i -> i);
      int[] spare = new int[count];
      for (int width = 1; width > 0 && width < count; width *= 2) {
        for (int low = 0; low < count; low += 2 * width) {
          int middle = Math.min(low + width, count);
          merge(order, spare, low, middle, Math.min(middle + width, count));
        }
        int[] done = spare;
        spare = order;
        order = done;
      }
      return order;
    }

    private void merge(int[] from, int[] to, int low, int middle, int high) {
      int left = low;
      int right = middle;
      for (int i = low; i < high; i++) {
        boolean first =
            right == high || (left < middle && starts[from[left]] <= starts[from[right]]);
        to[i] = first ? from[left++] : from[right++];
      }
    }

    /** From one border to the next, the latest of the chunks that are open there. */
    private FlatIndex resolved(int[] order) {
      long[] borders = new long[2 * count];
      System.arraycopy(starts, 0, borders, 0, count);
      System.arraycopy(ends, 0, borders, count, count);
      Arrays.sort(borders);
      PriorityQueue<Integer> open = new PriorityQueue<>((a, b) -> Integer.compare(b, a));
      Builder pieces = new Builder();
      int next = 0;
      for (int b = 0; b + 1 < borders.length; b++) {
        long from = borders[b];
        while (next < count && starts[order[next]] == from) {
          open.add(order[next++]);
        }
        while (!open.isEmpty() && ends[open.peek()] <= from) {
          open.poll();
        }
        if (borders[b + 1] > from && !open.isEmpty()) {
          int chunk = open.peek();
          pieces.add(from, borders[b + 1], offsets[chunk] + (from - starts[chunk]));
        }
      }
      return new FlatIndex(
          Arrays.copyOf(pieces.starts, pieces.count),
          Arrays.copyOf(pieces.ends, pieces.count),
          Arrays.copyOf(pieces.offsets, pieces.count));
    }
  }
}
