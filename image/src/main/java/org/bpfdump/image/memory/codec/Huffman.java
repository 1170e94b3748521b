// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory.codec;

import java.util.Arrays;
import java.util.zip.DataFormatException;

/** A Huffman code of literals. Source: RFC 8878, section 4.2. */
final class Huffman {
  private static final int MOST_BITS = 11;
  private static final int MOST_SYMBOLS = 256;
  private static final int WEIGHT_LOG = 6;

  private final byte[] weights = new byte[MOST_SYMBOLS];

  /** For each value of the next {@link #bits} bits: the symbol, and how many bits it has. */
  private final short[] table = new short[1 << MOST_BITS];

  private int bits;

  /** Reads a code's description and returns the index after it. */
  int read(byte[] in, int start, int end) throws DataFormatException {
    int head = Zstd.u8(in, start, end);
    int at = start + 1;
    int count;
    if (head >= 128) {
      count = head - 127;
      int bytes = (count + 1) / 2;
      if (bytes > end - at) {
        throw broken();
      }
      for (int i = 0; i < count; i++) {
        weights[i] = (byte) ((in[at + i / 2] >> ((i & 1) == 0 ? 4 : 0)) & 15);
      }
      at += bytes;
    } else {
      if (head > end - at) {
        throw broken();
      }
      count = packedWeights(in, at, at + head);
      at += head;
    }
    build(count);
    return at;
  }

  /** Weights by two states of one table in turn. */
  private int packedWeights(byte[] in, int start, int end) throws DataFormatException {
    FseHeader header = new FseHeader(in, start, end);
    FseTable fse = header.read(MOST_BITS + 2, WEIGHT_LOG);
    BackwardBits stream = new BackwardBits(in, header.end(), end);
    int one = fse.start(stream);
    int other = fse.start(stream);
    int count = 0;
    while (count < MOST_SYMBOLS - 2) {
      weights[count++] = (byte) fse.symbol(one);
      int next = fse.next(one, stream);
      if (stream.left() < 0) {
        weights[count++] = (byte) fse.symbol(other);
        return count;
      }
      one = other;
      other = next;
    }
    throw broken();
  }

  private void build(int given) throws DataFormatException {
    int sum = 0;
    int[] starts = new int[MOST_BITS + 3];
    for (int i = 0; i < given; i++) {
      int weight = weights[i];
      if (weight > MOST_BITS + 1) {
        throw broken();
      }
      sum += weight == 0 ? 0 : 1 << (weight - 1);
    }
    bits = 32 - Integer.numberOfLeadingZeros(sum);
    int rest = (1 << bits) - sum;
    // The last symbol's weight is what makes the sum a power of two.
    if (sum == 0 || bits > MOST_BITS || Integer.bitCount(rest) != 1) {
      throw broken();
    }
    weights[given] = (byte) (32 - Integer.numberOfLeadingZeros(rest));
    int count = given + 1;
    for (int i = 0; i < count; i++) {
      int weight = weights[i];
      starts[weight + 1] += weight == 0 ? 0 : 1 << (weight - 1);
    }
    for (int w = 1; w < starts.length; w++) {
      starts[w] += starts[w - 1];
    }
    for (int i = 0; i < count; i++) {
      int weight = weights[i];
      if (weight != 0) {
        short entry = (short) (i | ((bits + 1 - weight) << 8));
        int from = starts[weight];
        int to = from + (1 << (weight - 1));
        Arrays.fill(table, from, to, entry);
        starts[weight] = to;
      }
    }
  }

  /** Unpacks one stream that makes {@code count} bytes. */
  void decode(byte[] in, int start, int end, byte[] out, int at, int count)
      throws DataFormatException {
    BackwardBits stream = new BackwardBits(in, start, end);
    int i = at;
    int last = at + count;
    for (; i + 4 <= last && stream.left() >= 56; i += 4) {
      // Four symbols have 44 bits at most.
      long next = stream.peek(56);
      int have = 56;
      for (int j = 0; j < 4; j++) {
        short entry = table[(int) (next >>> (have - bits)) & ((1 << bits) - 1)];
        out[i + j] = (byte) entry;
        have -= entry >> 8;
      }
      stream.skip(56 - have);
    }
    for (; i < last; i++) {
      short entry = table[(int) stream.peek(bits)];
      out[i] = (byte) entry;
      stream.skip(entry >> 8);
    }
    if (stream.left() != 0) {
      throw broken();
    }
  }

  private static DataFormatException broken() {
    return new DataFormatException("a Huffman code is broken");
  }
}
