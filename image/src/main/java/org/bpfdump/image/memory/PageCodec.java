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
   * @return a whole page
   */
  byte[] unpack(int length, int flags) throws DataFormatException {
    byte[] page = new byte[PhysicalMemory.PAGE];
    int size;
    try {
      size =
          switch (flags
              & (KdumpMember.ZLIB | KdumpMember.LZO | KdumpMember.SNAPPY | KdumpMember.ZSTD)) {
            case 0 -> copy(length, page);
            case KdumpMember.ZLIB -> inflate(length, page);
            case KdumpMember.LZO -> Lzo.decode(packed, length, page);
            case KdumpMember.SNAPPY -> Snappy.decode(packed, length, page);
            case KdumpMember.ZSTD -> zstd.decode(packed, length, page);
            default -> throw new DataFormatException("is packed in two ways at once");
          };
    } catch (IndexOutOfBoundsException e) {
      // The bounds of arrays are what holds a stream of bits that says more than it has.
      throw new DataFormatException("has packed data that is broken");
    }
    if (size != page.length) {
      throw new DataFormatException("unpacks to " + size + " bytes");
    }
    return page;
  }

  private int copy(int length, byte[] page) {
    System.arraycopy(packed, 0, page, 0, length);
    return length;
  }

  private int inflate(int length, byte[] page) throws DataFormatException {
    inflater.reset();
    inflater.setInput(packed, 0, length);
    int size = 0;
    int n;
    while (size < page.length && (n = inflater.inflate(page, size, page.length - size)) > 0) {
      size += n;
    }
    return size;
  }

  @Override
  public void close() {
    inflater.end();
  }
}
