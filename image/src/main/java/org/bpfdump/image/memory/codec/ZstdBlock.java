// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory.codec;

import java.util.Arrays;
import java.util.zip.DataFormatException;

/**
 * Unpacks the compressed blocks of one frame, one after the other: codes and distances of a block
 * may be used by the next. Source: RFC 8878, section 3.1.1.3.
 */
final class ZstdBlock {
  private static final int MOST = 128 << 10;

  private byte[] literals = new byte[4 << 10];
  private int literalCount;

  private final Huffman huffman = new Huffman();
  private boolean haveHuffman;
  private final FseTable[] tables = new FseTable[3];
  private final FseTable[] usual = new FseTable[3];
  private final int[] recent = new int[3];

  /** Forgets the frame before. */
  void reset() {
    haveHuffman = false;
    Arrays.fill(tables, null);
    recent[0] = 1;
    recent[1] = 4;
    recent[2] = 8;
  }

  /**
   * Unpacks a block.
   *
   * @param first index in {@code out} of the first byte that a match may refer to
   * @param at index in {@code out} of the next byte
   * @return index in {@code out} after the block's last
   */
  int decode(byte[] in, int start, int end, byte[] out, int first, int at)
      throws DataFormatException {
    int next = literals(in, start, end);
    return sequences(in, next, end, out, first, at);
  }

  private int literals(byte[] in, int start, int end) throws DataFormatException {
    int head = Zstd.u8(in, start, end);
    int kind = head & 3;
    int format = (head >> 2) & 3;
    if (kind < 2) {
      int bytes = (format & 1) == 0 ? 1 : format == 1 ? 2 : 3;
      int size = (int) (Zstd.number(in, start, end, bytes) >>> (bytes == 1 ? 3 : 4));
      reserve(size);
      int at = start + bytes;
      if (kind == 1) {
        Arrays.fill(literals, 0, size, (byte) Zstd.u8(in, at, end));
        return at + 1;
      }
      if (size > end - at) {
        throw broken();
      }
      System.arraycopy(in, at, literals, 0, size);
      return at + size;
    }
    int bytes = format < 2 ? 3 : format + 2;
    int width = format < 2 ? 10 : 4 * format + 6;
    long sizes = Zstd.number(in, start, end, bytes) >>> 4;
    int size = (int) sizes & ((1 << width) - 1);
    int packed = (int) (sizes >>> width);
    reserve(size);
    int at = start + bytes;
    if (packed > end - at) {
      throw broken();
    }
    int after = at + packed;
    if (kind == 2) {
      at = huffman.read(in, at, after);
      haveHuffman = true;
    } else if (!haveHuffman) {
      throw broken();
    }
    if (format == 0) {
      huffman.decode(in, at, after, literals, 0, size);
    } else {
      fourStreams(in, at, after, size);
    }
    return after;
  }

  private void fourStreams(byte[] in, int start, int end, int size) throws DataFormatException {
    long jumps = Zstd.number(in, start, end, 6);
    int at = start + 6;
    int each = (size + 3) / 4;
    if (3 * each > size) {
      throw broken();
    }
    for (int i = 0; i < 3; i++) {
      int length = (int) (jumps >>> (16 * i)) & 0xFFFF;
      if (length > end - at) {
        throw broken();
      }
      huffman.decode(in, at, at + length, literals, i * each, each);
      at += length;
    }
    huffman.decode(in, at, end, literals, 3 * each, size - 3 * each);
  }

  private void reserve(int size) throws DataFormatException {
    if (size > MOST) {
      throw broken();
    }
    if (size > literals.length) {
      literals = new byte[MOST];
    }
    literalCount = size;
  }

  private int sequences(byte[] in, int start, int end, byte[] out, int first, int at)
      throws DataFormatException {
    int count = Zstd.u8(in, start, end);
    int next = start + 1;
    if (count == 255) {
      count = (int) Zstd.number(in, next, end, 2) + 0x7F00;
      next += 2;
    } else if (count >= 128) {
      count = ((count - 128) << 8) + Zstd.u8(in, next, end);
      next++;
    }
    int used = 0;
    int done = at;
    if (count > 0) {
      int modes = Zstd.u8(in, next, end);
      next++;
      for (SequenceCode code : SequenceCode.ALL) {
        int mode = (modes >> (6 - 2 * code.index())) & 3;
        next = table(code, mode, in, next, end);
      }
      FseTable lengths = tables[SequenceCode.LITERALS.index()];
      FseTable distances = tables[SequenceCode.DISTANCE.index()];
      FseTable matches = tables[SequenceCode.MATCH.index()];
      BackwardBits bits = new BackwardBits(in, next, end);
      int l = lengths.start(bits);
      int d = distances.start(bits);
      int m = matches.start(bits);
      while (true) {
        int width = distances.symbol(d);
        int distance = (1 << width) + bits.read(width);
        int match = SequenceCode.MATCH.value(matches.symbol(m), bits);
        int literal = SequenceCode.LITERALS.value(lengths.symbol(l), bits);
        if (bits.left() < 0 || literal > literalCount - used) {
          throw broken();
        }
        Copies.literals(literals, used, out, done, literal);
        used += literal;
        done += literal;
        Copies.match(out, done, distance(distance, literal == 0), match, first);
        done += match;
        if (--count == 0) {
          break;
        }
        l = lengths.next(l, bits);
        m = matches.next(m, bits);
        d = distances.next(d, bits);
      }
      if (bits.left() != 0) {
        throw broken();
      }
    } else if (next != end) {
      throw broken();
    }
    int rest = literalCount - used;
    Copies.literals(literals, used, out, done, rest);
    return done + rest;
  }

  private int table(SequenceCode code, int mode, byte[] in, int at, int end)
      throws DataFormatException {
    int index = code.index();
    switch (mode) {
      case 0 -> {
        if (usual[index] == null) {
          usual[index] = code.usual();
        }
        tables[index] = usual[index];
      }
      case 1 -> {
        int symbol = Zstd.u8(in, at, end);
        if (symbol >= code.symbols()) {
          throw broken();
        }
        tables[index] = FseTable.single(symbol);
        return at + 1;
      }
      case 2 -> {
        FseHeader header = new FseHeader(in, at, end);
        tables[index] = header.read(code.symbols(), code.mostLog());
        return header.end();
      }
      default -> {
        if (tables[index] == null) {
          throw broken();
        }
      }
    }
    return at;
  }

  /** What a number for a distance means: the first three are those used last. */
  private int distance(int number, boolean noLiterals) throws DataFormatException {
    if (number < 0) {
      throw broken();
    }
    if (number > 3) {
      recent[2] = recent[1];
      recent[1] = recent[0];
      recent[0] = number - 3;
      return recent[0];
    }
    int index = number - (noLiterals ? 0 : 1);
    int distance = index == 3 ? recent[0] - 1 : recent[index];
    if (index > 0) {
      recent[2] = index > 1 ? recent[1] : recent[2];
      recent[1] = recent[0];
      recent[0] = distance;
    }
    return distance;
  }

  private static DataFormatException broken() {
    return new DataFormatException("a Zstandard block is broken");
  }
}
