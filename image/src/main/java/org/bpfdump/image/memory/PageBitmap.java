// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A bit for each frame, in a file, and how many are set before any one: a count is kept for each
 * block of bits, the rest is counted when asked for.
 */
final class PageBitmap {
  /** Bits of a block. */
  private static final int BLOCK_SHIFT = 12;

  private static final int BLOCK_BYTES = 1 << (BLOCK_SHIFT - 3);

  private final Source source;
  private final long offset;
  private final long frames;
  private final long[] before;
  private final long end;

  /**
   * Counts all bits.
   *
   * @param offset of the first, in a source that has them all
   * @param frames how many bits there are; those after them do not count
   */
  PageBitmap(Source source, long offset, long frames) {
    this.source = source;
    this.offset = offset;
    this.frames = frames;
    before = new long[Math.toIntExact(blocks(frames)) + 1];
    long highest = -1;
    for (int i = 0; i + 1 < before.length; i++) {
      int length = blockLength(i);
      MemorySegment block = source.slice(offset + (long) i * BLOCK_BYTES, length);
      int bits = (int) Math.min(frames - ((long) i << BLOCK_SHIFT), 1 << BLOCK_SHIFT);
      int set = count(block, bits);
      if (set > 0) {
        highest = ((long) i << BLOCK_SHIFT) + last(block, bits);
      }
      before[i + 1] = before[i] + set;
    }
    end = highest + 1;
  }

  private static long blocks(long frames) {
    return (frames + (1 << BLOCK_SHIFT) - 1) >>> BLOCK_SHIFT;
  }

  /** A block's bytes: all but the last have as many. */
  private int blockLength(long block) {
    return (int) Math.min(BLOCK_BYTES, (frames + 7) / 8 - block * BLOCK_BYTES);
  }

  /** How many bits are set. */
  long count() {
    return before[before.length - 1];
  }

  /** The frame after the last whose bit is set; 0 when none is. */
  long end() {
    return end;
  }

  /** How many bits before that of a frame are set; -1 when its own is not, or there is none. */
  long rank(long frame) {
    if (frame < 0 || frame >= frames) {
      return -1;
    }
    int block = (int) (frame >>> BLOCK_SHIFT);
    MemorySegment bits = source.slice(offset + (long) block * BLOCK_BYTES, blockLength(block));
    int bit = (int) frame & ((1 << BLOCK_SHIFT) - 1);
    if (((bits.get(ValueLayout.JAVA_BYTE, bit >>> 3) >> (bit & 7)) & 1) == 0) {
      return -1;
    }
    return before[block] + count(bits, bit);
  }

  /** How many bits before that of a frame are set, whether its own is or not. */
  long before(long frame) {
    if (frame >= frames) {
      return count();
    }
    int block = (int) (frame >>> BLOCK_SHIFT);
    MemorySegment bits = source.slice(offset + (long) block * BLOCK_BYTES, blockLength(block));
    return before[block] + count(bits, (int) frame & ((1 << BLOCK_SHIFT) - 1));
  }

  private static int count(MemorySegment bytes, int bits) {
    int count = 0;
    int at = 0;
    for (; at + Long.SIZE <= bits; at += Long.SIZE) {
      count += Long.bitCount(bytes.get(Source.LONG, at >>> 3));
    }
    for (; at + Byte.SIZE <= bits; at += Byte.SIZE) {
      count += Integer.bitCount(bytes.get(ValueLayout.JAVA_BYTE, at >>> 3) & 0xFF);
    }
    if (at < bits) {
      int mask = (1 << (bits - at)) - 1;
      count += Integer.bitCount(bytes.get(ValueLayout.JAVA_BYTE, at >>> 3) & mask);
    }
    return count;
  }

  private static int last(MemorySegment bytes, int bits) {
    int at = bits - 1;
    while (((bytes.get(ValueLayout.JAVA_BYTE, at >>> 3) >> (at & 7)) & 1) == 0) {
      at--;
    }
    return at;
  }
}
