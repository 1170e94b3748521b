// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.nio.ByteBuffer;

/**
 * A bit for each frame, in a file, and how many are set before any one: a count is kept for each
 * block of bits, the rest is counted when asked for.
 */
final class PageBitmap {
  /** Bits of a block: few, for they are counted for each page that is looked up. */
  private static final int BLOCK_SHIFT = 9;

  private static final int BLOCK_BYTES = 1 << (BLOCK_SHIFT - 3);
  private static final int BLOCK_WORDS = BLOCK_BYTES / Long.BYTES;

  /** Blocks counted at once. */
  private static final int CHUNK = 1 << 10;

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
    int full = (int) (frames >>> BLOCK_SHIFT);
    int last = -1;
    for (int from = 0; from < full; from += CHUNK) {
      int chunk = Math.min(CHUNK, full - from);
      ByteBuffer words = source.bytes(offset + (long) from * BLOCK_BYTES, chunk * BLOCK_BYTES);
      for (int i = 0; i < chunk; i++) {
        int set = 0;
        for (int word = i * BLOCK_WORDS; word < (i + 1) * BLOCK_WORDS; word++) {
          set += Long.bitCount(words.getLong(word * Long.BYTES));
        }
        if (set > 0) {
          last = from + i;
        }
        before[from + i + 1] = before[from + i] + set;
      }
    }
    int rest = (int) frames & ((1 << BLOCK_SHIFT) - 1);
    if (rest > 0) {
      int set = count(block(full), rest);
      if (set > 0) {
        last = full;
      }
      before[full + 1] = before[full] + set;
    }
    end =
        last < 0
            ? 0
            : ((long) last << BLOCK_SHIFT)
                + last(block(last), last < full ? 1 << BLOCK_SHIFT : rest)
                + 1;
  }

  private ByteBuffer block(int block) {
    return source.bytes(offset + (long) block * BLOCK_BYTES, blockLength(block));
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
    ByteBuffer bits = block(block);
    int bit = (int) frame & ((1 << BLOCK_SHIFT) - 1);
    if (((bits.get(bit >>> 3) >> (bit & 7)) & 1) == 0) {
      return -1;
    }
    return before[block] + count(bits, bit);
  }

  /** The first frame from one on that is not in a block without bits; the largest at the end. */
  long next(long frame) {
    long block = frame >>> BLOCK_SHIFT;
    while (block < before.length - 1 && before[(int) block] == before[(int) block + 1]) {
      block++;
    }
    return block < before.length - 1 ? Math.max(frame, block << BLOCK_SHIFT) : Long.MAX_VALUE;
  }

  /** How many bits before that of a frame are set, whether its own is or not. */
  long before(long frame) {
    if (frame >= frames) {
      return count();
    }
    int block = (int) (frame >>> BLOCK_SHIFT);
    return before[block] + count(block(block), (int) frame & ((1 << BLOCK_SHIFT) - 1));
  }

  private static int count(ByteBuffer bytes, int bits) {
    int count = 0;
    int at = 0;
    for (; at + Long.SIZE <= bits; at += Long.SIZE) {
      count += Long.bitCount(bytes.getLong(at >>> 3));
    }
    for (; at + Byte.SIZE <= bits; at += Byte.SIZE) {
      count += Integer.bitCount(bytes.get(at >>> 3) & 0xFF);
    }
    if (at < bits) {
      int mask = (1 << (bits - at)) - 1;
      count += Integer.bitCount(bytes.get(at >>> 3) & mask);
    }
    return count;
  }

  private static int last(ByteBuffer bytes, int bits) {
    int at = bits - 1;
    while (((bytes.get(at >>> 3) >> (at & 7)) & 1) == 0) {
      at--;
    }
    return at;
  }
}
