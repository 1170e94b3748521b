// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.bpfdump.image.memory.codec.Lzo;
import org.bpfdump.image.memory.codec.Snappy;
import org.bpfdump.image.memory.codec.Zstd;

/** Unpacks pages. Of one thread at a time. */
final class PageCodec implements AutoCloseable {
  private final Inflater inflater = new Inflater();
  private final Zstd zstd = new Zstd();
  private final byte[] packed = new byte[PhysicalMemory.PAGE];
  private final byte[] page = new byte[PhysicalMemory.PAGE];

  /**
   * Where to put the bytes of a page before it is unpacked: no page has more than it unpacks to.
   */
  byte[] packed() {
    return packed;
  }

  /**
   * Unpacks what was put into {@link #packed}.
   *
   * @param flags of the page's descriptor
   * @param into room for a whole page from {@code at} on
   */
  void unpack(int length, int flags, byte[] into, int at) throws DataFormatException {
    int size;
    try {
      size =
          switch (flags
              & (KdumpMember.ZLIB | KdumpMember.LZO | KdumpMember.SNAPPY | KdumpMember.ZSTD)) {
            case 0 -> copy(packed, length, into, at);
            case KdumpMember.ZLIB -> inflate(length, into, at);
            case KdumpMember.LZO -> copy(page, Lzo.decode(packed, length, page), into, at);
            case KdumpMember.SNAPPY -> copy(page, Snappy.decode(packed, length, page), into, at);
            case KdumpMember.ZSTD -> copy(page, zstd.decode(packed, length, page), into, at);
            default -> throw new DataFormatException("is packed in two ways at once");
          };
    } catch (IndexOutOfBoundsException e) {
      // The bounds of arrays are what holds a stream of bits that says more than it has.
      throw new DataFormatException("has packed data that is broken");
    }
    if (size != PhysicalMemory.PAGE) {
      throw new DataFormatException("unpacks to " + size + " bytes");
    }
  }

  private static int copy(byte[] bytes, int length, byte[] into, int at) {
    System.arraycopy(bytes, 0, into, at, length);
    return length;
  }

  private int inflate(int length, byte[] into, int at) throws DataFormatException {
    inflater.reset();
    inflater.setInput(packed, 0, length);
    int size = 0;
    int n;
    while (size < PhysicalMemory.PAGE
        && (n = inflater.inflate(into, at + size, PhysicalMemory.PAGE - size)) > 0) {
      size += n;
    }
    return size;
  }

  @Override
  public void close() {
    inflater.end();
  }
}
