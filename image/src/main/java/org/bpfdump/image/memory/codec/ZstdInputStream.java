// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory.codec;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.DataFormatException;
import java.util.zip.ZipException;
import org.bpfdump.error.UnsupportedException;

/**
 * Unpacks a file of Zstandard frames, of any length, with the memory that a frame's window needs.
 * Broken data is a {@link ZipException}. Source: RFC 8878.
 */
public final class ZstdInputStream extends InputStream {
  /** As much as the zstd command takes unless told otherwise. */
  private static final long MOST_WINDOW = 128L << 20;

  private static final int MOST_BLOCK = 128 << 10;
  private static final int FIRST_ROOM = 1 << 20;
  private static final int SKIPPED = 0x184D2A50;

  private final InputStream in;
  private final ZstdBlock block = new ZstdBlock();
  private final byte[] packed = new byte[MOST_BLOCK];
  private byte[] window = new byte[FIRST_ROOM];
  private int done;
  private int given;
  private ZstdHeader header;
  private XxHash64 hash;
  private boolean last = true;

  /**
   * @param in with buffer; closed with this
   */
  public ZstdInputStream(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    try {
      while (given == done) {
        if (last && !nextFrame()) {
          return -1;
        }
        if (!last) {
          nextBlock();
        }
      }
    } catch (DataFormatException e) {
      throw new ZipException(e.getMessage());
    } catch (IndexOutOfBoundsException e) {
      // The bounds of arrays are what holds a stream of bits that says more than it has.
      throw new ZipException("a Zstandard block is broken");
    }
    int n = Math.min(length, done - given);
    System.arraycopy(window, given, into, offset, n);
    given += n;
    return n;
  }

  /** Starts a frame, or skips one that is not data; false at the end of the file. */
  private boolean nextFrame() throws IOException, DataFormatException {
    byte[] head = new byte[ZstdHeader.MOST];
    int n = in.readNBytes(head, 0, 4);
    if (n == 0) {
      return false;
    }
    need(n == 4);
    int magic = (int) Zstd.number(head, 0, 4, 4);
    if ((magic & ~15) == SKIPPED) {
      need(in.readNBytes(head, 0, 4) == 4);
      in.skipNBytes(Zstd.number(head, 0, 4, 4));
      return true;
    }
    need(in.readNBytes(head, 4, 1) == 1);
    int size = ZstdHeader.sizeOf(head[4]);
    need(in.readNBytes(head, 5, size - 5) == size - 5);
    header = ZstdHeader.read(head, 0, size);
    if (header.window() > MOST_WINDOW) {
      throw new UnsupportedException(
          "a file packed by zstd needs a window of "
              + (header.window() >> 20)
              + " MB to unpack: do so with zstd -d --memory=2048MB");
    }
    block.reset();
    hash = header.checksum() ? new XxHash64() : null;
    done = 0;
    given = 0;
    last = false;
    return true;
  }

  private void nextBlock() throws IOException, DataFormatException {
    need(in.readNBytes(packed, 0, 3) == 3);
    int head = (int) Zstd.number(packed, 0, 3, 3);
    int size = head >>> 3;
    int kind = (head >> 1) & 3;
    last = (head & 1) != 0;
    if (size > MOST_BLOCK || kind == 3) {
      throw new DataFormatException("a Zstandard block is broken");
    }
    makeRoom();
    int bytes = kind == 1 ? 1 : size;
    need(in.readNBytes(packed, 0, bytes) == bytes);
    int before = done;
    switch (kind) {
      case 0 -> {
        System.arraycopy(packed, 0, window, done, size);
        done += size;
      }
      case 1 -> {
        Arrays.fill(window, done, done + size, packed[0]);
        done += size;
      }
      default -> {
        int first = (int) Math.max(0, done - header.window());
        done = block.decode(packed, 0, size, window, first, done);
      }
    }
    if (hash != null) {
      hash.update(window, before, done);
      if (last) {
        need(in.readNBytes(packed, 0, 4) == 4);
        if ((int) Zstd.number(packed, 0, 4, 4) != (int) hash.digest()) {
          throw new DataFormatException("the checksum of a Zstandard frame does not match");
        }
      }
    }
  }

  /** Room for a block after the window; what is before the window goes. */
  private void makeRoom() {
    if (window.length - done >= MOST_BLOCK) {
      return;
    }
    int keep = (int) Math.min(done, header.window());
    long most = header.window() + Math.max(header.window() / 4, FIRST_ROOM) + MOST_BLOCK;
    if (window.length < most) {
      window = Arrays.copyOf(window, (int) Math.min(most, 2L * window.length));
    }
    if (window.length - done < MOST_BLOCK) {
      System.arraycopy(window, done - keep, window, 0, keep);
      done = keep;
      given = keep;
    }
  }

  private static void need(boolean have) throws EOFException {
    if (!have) {
      throw new EOFException("Zstandard data ends early");
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
