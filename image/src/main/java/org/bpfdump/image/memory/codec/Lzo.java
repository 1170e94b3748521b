// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory.codec;

import java.util.zip.DataFormatException;

/**
 * LZO1X, one block without a header. Source: {@code Documentation/staging/lzo.rst} of the kernel.
 */
public final class Lzo {
  /** What an instruction below 16 means depends on the literals before it: none, 1 to 3, more. */
  private static final int MANY_LITERALS = 4;

  private final byte[] in;
  private final int end;
  private final byte[] out;
  private int at;
  private int done;

  private Lzo(byte[] in, int length, byte[] out) {
    this.in = in;
    this.end = length;
    this.out = out;
  }

  /**
   * Decompresses a block.
   *
   * @param length of the block, at the start of {@code in}
   * @return how many bytes of {@code out} were written
   */
  public static int decode(byte[] in, int length, byte[] out) throws DataFormatException {
    Lzo lzo = new Lzo(in, length, out);
    lzo.decode();
    return lzo.done;
  }

  private void decode() throws DataFormatException {
    int state = 0;
    int first = next();
    if (first > 17) {
      int literals = first - 17;
      literals(literals);
      state = Math.min(literals, MANY_LITERALS);
    } else {
      at--;
    }
    while (true) {
      int code = next();
      int length;
      int distance;
      if (code >= 64) {
        length = (code >> 5) + 1;
        distance = (next() << 3) + ((code >> 2) & 7) + 1;
        state = code & 3;
      } else if (code >= 32) {
        length = 2 + length(code & 31, 31);
        int more = next() | (next() << 8);
        distance = (more >> 2) + 1;
        state = more & 3;
      } else if (code >= 16) {
        length = 2 + length(code & 7, 7);
        int more = next() | (next() << 8);
        distance = 0x4000 + ((code & 8) << 11) + (more >> 2);
        if (distance == 0x4000) {
          return;
        }
        state = more & 3;
      } else if (state == 0) {
        literals(3 + length(code, 15));
        state = MANY_LITERALS;
        continue;
      } else {
        boolean far = state == MANY_LITERALS;
        length = far ? 3 : 2;
        distance = (next() << 2) + (code >> 2) + (far ? 0x801 : 1);
        state = code & 3;
      }
      Copies.match(out, done, distance, length, 0);
      done += length;
      literals(state);
    }
  }

  /** A length whose bits may all be zero: then bytes follow that are added up. */
  private int length(int bits, int most) throws DataFormatException {
    if (bits != 0) {
      return bits;
    }
    int length = most;
    int more;
    while ((more = next()) == 0) {
      length += 255;
    }
    return length + more;
  }

  private int next() throws DataFormatException {
    if (at >= end) {
      throw new DataFormatException("LZO data ends early");
    }
    return in[at++] & 0xFF;
  }

  private void literals(int count) throws DataFormatException {
    if (count > end - at) {
      throw new DataFormatException("LZO data ends early");
    }
    Copies.literals(in, at, out, done, count);
    at += count;
    done += count;
  }
}
