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

  private final int count;

  /** Takes what was collected over: pieces in ascending order. */
  private FlatIndex(Builder pieces) {
    starts = pieces.starts;
    ends = pieces.ends;
    offsets = pieces.offsets;
    count = pieces.count;
  }

  /** The first piece that ends after a place; {@link #size} when there is none. */
  int after(long place) {
    int low = 0;
    int high = count - 1;
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
    return count;
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
    return count == 0 ? 0 : ends[count - 1];
  }

  /** Collects chunks in the order of the file. */
  static final class Builder {
    /** Headers that are written again are a few; resolving takes memory for each. */
    private static final int MOST_OVERLAPPING = 1 << 18;

    private long[] starts;
    private long[] ends;
    private long[] offsets;
    private int count;

    Builder() {
      this(1 << 10);
    }

    private Builder(int room) {
      starts = new long[room];
      ends = new long[room];
      offsets = new long[room];
    }

    int count() {
      return count;
    }

    /** A chunk of one byte or more. */
    void add(long start, long end, long offset) {
      if (count == starts.length) {
        int room = Math.max(16, 2 * count);
        starts = Arrays.copyOf(starts, room);
        ends = Arrays.copyOf(ends, room);
        offsets = Arrays.copyOf(offsets, room);
      }
      starts[count] = start;
      ends[count] = end;
      offsets[count] = offset;
      count++;
    }

    /** Of a file, which is named when there is too much to resolve. */
    FlatIndex build(Source file) {
      int[] order = byStart();
      Builder pieces = new Builder(count);
      for (int i = 0; i < count; ) {
        int first = i++;
        long end = ends[order[first]];
        while (i < count && starts[order[i]] < end) {
          end = Math.max(end, ends[order[i++]]);
        }
        if (i - first > MOST_OVERLAPPING) {
          throw file.malformed("has " + (i - first) + " chunks that replace each other", -1);
        }
        if (i - first == 1) {
          pieces.add(starts[order[first]], end, offsets[order[first]]);
        } else {
          resolve(order, first, i, pieces);
        }
      }
      return new FlatIndex(pieces);
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

    /** Of chunks that overlap: from one border to the next, the latest of those open there. */
    private void resolve(int[] order, int first, int last, Builder pieces) {
      int many = last - first;
      long[] borders = new long[2 * many];
      for (int i = 0; i < many; i++) {
        borders[i] = starts[order[first + i]];
        borders[many + i] = ends[order[first + i]];
      }
      Arrays.sort(borders);
      PriorityQueue<Integer> open = new PriorityQueue<>((a, b) -> Integer.compare(b, a));
      int next = first;
      for (int b = 0; b + 1 < borders.length; b++) {
        long from = borders[b];
        while (next < last && starts[order[next]] == from) {
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
    }
  }
}
