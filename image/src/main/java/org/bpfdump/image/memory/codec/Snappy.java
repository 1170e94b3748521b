// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory.codec;

import java.util.zip.DataFormatException;

/** Snappy, one block without frames. Source: {@code format_description.txt} of Snappy. */
public final class Snappy {
  private Snappy() {}

  /**
   * Decompresses a block.
   *
   * @param length of the block, at the start of {@code in}
   * @return how many bytes of {@code out} were written
   */
  public static int decode(byte[] in, int length, byte[] out) throws DataFormatException {
    int at = 0;
    long size = 0;
    for (int shift = 0; ; shift += 7) {
      if (at == length || shift > 28) {
        throw early();
      }
      byte b = in[at++];
      size |= (b & 0x7FL) << shift;
      if (b >= 0) {
        break;
      }
    }
    if (size > out.length) {
      throw new DataFormatException("unpacks to more than " + out.length + " bytes");
    }
    int done = 0;
    while (at < length) {
      int tag = in[at++] & 0xFF;
      int kind = tag & 3;
      // Bytes of a number after the tag: of a long literal's length, or of a distance.
      int bytes =
          switch (kind) {
            case 0 -> Math.max(0, (tag >> 2) - 59);
            case 1 -> 1;
            case 2 -> 2;
            default -> 4;
          };
      if (bytes > length - at) {
        throw early();
      }
      int number = 0;
      for (int i = 0; i < bytes; i++) {
        number |= (in[at++] & 0xFF) << (8 * i);
      }
      int count;
      switch (kind) {
        case 0 -> {
          count = 1 + (bytes == 0 ? tag >> 2 : number);
          if (count <= 0 || count > length - at) {
            throw early();
          }
          Copies.literals(in, at, out, done, count);
          at += count;
        }
        case 1 -> {
          count = 4 + ((tag >> 2) & 7);
          Copies.match(out, done, ((tag >> 5) << 8) | number, count, 0);
        }
        default -> {
          count = 1 + (tag >> 2);
          Copies.match(out, done, number, count, 0);
        }
      }
      done += count;
    }
    if (done != size) {
      throw new DataFormatException("unpacks to " + done + " bytes, not " + size);
    }
    return done;
  }

  private static DataFormatException early() {
    return new DataFormatException("Snappy data ends early");
  }
}
