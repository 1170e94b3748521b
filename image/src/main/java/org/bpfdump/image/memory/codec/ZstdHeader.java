// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory.codec;

import java.util.zip.DataFormatException;

/**
 * The header of a Zstandard frame. Source: RFC 8878, section 3.1.1.1.
 *
 * @param size of the header in bytes
 * @param window how far back a match may refer, in bytes
 * @param checksum whether four bytes follow the last block
 */
record ZstdHeader(int size, long window, boolean checksum) {
  /** No header is longer. */
  static final int MOST = 18;

  /** How long a header is, by its fifth byte. */
  static int sizeOf(int flags) {
    int window = (flags & 0x20) == 0 ? 1 : 0;
    return 5 + window + dictionaryBytes(flags) + contentBytes(flags);
  }

  private static int dictionaryBytes(int flags) {
    return (1 << (flags & 3)) >> 1;
  }

  private static int contentBytes(int flags) {
    int code = (flags >> 6) & 3;
    return code == 0 ? (flags >> 5) & 1 : 1 << code;
  }

  static ZstdHeader read(byte[] in, int start, int end) throws DataFormatException {
    if ((int) Zstd.number(in, start, end, 4) != Zstd.MAGIC) {
      throw new DataFormatException("is no Zstandard frame");
    }
    int flags = Zstd.u8(in, start + 4, end);
    boolean single = (flags & 0x20) != 0;
    int at = start + 5;
    long window = 0;
    if ((flags & 8) != 0) {
      throw new DataFormatException("a Zstandard frame uses what is not defined yet");
    }
    if (!single) {
      int code = Zstd.u8(in, at++, end);
      long base = 1L << (10 + (code >> 3));
      window = base + (base >> 3) * (code & 7);
    }
    int dictionaryBytes = dictionaryBytes(flags);
    if (Zstd.number(in, at, end, dictionaryBytes) != 0) {
      throw new DataFormatException("a Zstandard frame needs a dictionary");
    }
    at += dictionaryBytes;
    int sizeBytes = contentBytes(flags);
    long content = Zstd.number(in, at, end, sizeBytes) + (sizeBytes == 2 ? 256 : 0);
    at += sizeBytes;
    if (single) {
      // What is more than 2^63 is more than anybody takes.
      window = content < 0 ? Long.MAX_VALUE : content;
    }
    return new ZstdHeader(at - start, window, (flags & 4) != 0);
  }
}
