// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory.codec;

import java.util.Arrays;
import java.util.zip.DataFormatException;

/** Zstandard frames in memory, without dictionaries. Source: RFC 8878. Of one thread at a time. */
public final class Zstd {
  static final int MAGIC = 0xFD2FB528;

  private final ZstdBlock block = new ZstdBlock();

  /**
   * Decompresses a frame; its checksum, if it has one, is not looked at.
   *
   * @param length of the frame, at the start of {@code in}
   * @return how many bytes of {@code out} were written
   */
  public int decode(byte[] in, int length, byte[] out) throws DataFormatException {
    ZstdHeader header = ZstdHeader.read(in, 0, length);
    int at = header.size();
    int done = 0;
    block.reset();
    while (true) {
      int head = (int) number(in, at, length, 3);
      int size = head >>> 3;
      at += 3;
      switch ((head >> 1) & 3) {
        case 0 -> {
          if (size > length - at) {
            throw early();
          }
          Copies.literals(in, at, out, done, size);
          at += size;
          done += size;
        }
        case 1 -> {
          byte value = (byte) u8(in, at++, length);
          if (size > out.length - done) {
            throw new DataFormatException("unpacks to more than " + out.length + " bytes");
          }
          Arrays.fill(out, done, done + size, value);
          done += size;
        }
        case 2 -> {
          if (size > length - at) {
            throw early();
          }
          done = block.decode(in, at, at + size, out, 0, done);
          at += size;
        }
        default -> throw new DataFormatException("a Zstandard block has no known kind");
      }
      if ((head & 1) != 0) {
        return done;
      }
    }
  }

  static int u8(byte[] in, int at, int end) throws DataFormatException {
    if (at >= end) {
      throw early();
    }
    return in[at] & 0xFF;
  }

  /** An unsigned number of up to 8 bytes. */
  static long number(byte[] in, int at, int end, int bytes) throws DataFormatException {
    if (bytes > end - at) {
      throw early();
    }
    long number = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      number = (number << 8) | (in[at + i] & 0xFF);
    }
    return number;
  }

  private static DataFormatException early() {
    return new DataFormatException("Zstandard data ends early");
  }
}
