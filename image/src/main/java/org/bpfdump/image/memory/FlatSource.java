// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bpfdump.error.UnsupportedException;

/**
 * A flattened file, as makedumpfile -F and QEMU write it to what cannot seek: chunks with the place
 * in the file proper where each belongs. It is read as it is, by an index of the chunks. Places
 * that no chunk has are zero, as they are in the file that makedumpfile -R makes of it. Source:
 * {@code IMPLEMENTATION} of makedumpfile.
 */
final class FlatSource implements Source {
  private static final long SIGNATURE = 0x6D616B6564756D70L; // makedump
  private static final long SIGNATURE_REST = 0x66696C6500000000L; // file, and four NUL
  private static final int HEADER = 4096;
  private static final int CHUNK_HEADER = 16;
  private static final long END = -1;

  /** QEMU's have 16 KB or a little less: as many are 64 GB. */
  private static final int MOST_CHUNKS = 1 << 22;

  private final Source file;
  private final FlatIndex index;
  private final boolean cut;

  private FlatSource(Source file, FlatIndex index, boolean cut) {
    this.file = file;
    this.index = index;
    this.cut = cut;
  }

  /** Whether a file starts as such files do. */
  static boolean starts(ByteBuffer bytes) {
    ByteBuffer big = bytes.duplicate().order(ByteOrder.BIG_ENDIAN);
    return big.capacity() >= 16 && big.getLong(0) == SIGNATURE && big.getLong(8) == SIGNATURE_REST;
  }

  /** Takes the file over, unless it throws. */
  static FlatSource open(Source file) {
    ByteBuffer header = file.bytes(0, 32, "flat header").order(ByteOrder.BIG_ENDIAN);
    if (header.getLong(16) != 1 || header.getLong(24) != 1) {
      throw new UnsupportedException(
          file.name() + " is a flattened file of a newer kind: unpack it with makedumpfile -R");
    }
    FlatIndex.Builder chunks = new FlatIndex.Builder();
    long at = HEADER;
    boolean cut = true;
    while (file.has(at, CHUNK_HEADER)) {
      ByteBuffer chunk = file.bytes(at, CHUNK_HEADER).order(ByteOrder.BIG_ENDIAN);
      long place = chunk.getLong(0);
      long size = chunk.getLong(8);
      if (place == END && size == END) {
        cut = false;
        break;
      }
      if (place < 0 || size < 0 || place > Long.MAX_VALUE - size) {
        throw file.malformed("has a chunk of a place or size that cannot be", at);
      }
      long there = Math.min(size, file.size() - at - CHUNK_HEADER);
      if (there > 0) {
        if (chunks.count() == MOST_CHUNKS) {
          throw new UnsupportedException(
              file.name()
                  + " has more than "
                  + MOST_CHUNKS
                  + " chunks: make a plain file of it with makedumpfile -R");
        }
        chunks.add(place, place + there, at + CHUNK_HEADER);
      }
      if (there < size) {
        break;
      }
      at += CHUNK_HEADER + size;
    }
    return new FlatSource(file, chunks.build(file), cut);
  }

  @Override
  public String name() {
    return file.name();
  }

  @Override
  public long size() {
    return index.end();
  }

  @Override
  public String wrapping() {
    return ", flattened";
  }

  @Override
  public boolean cut() {
    return cut;
  }

  @Override
  public void read(long offset, byte[] into, int at, int length) {
    int piece = index.after(offset);
    long next = offset;
    long end = offset + length;
    for (; piece < index.size() && index.start(piece) < end; piece++) {
      long from = Math.max(offset, index.start(piece));
      int n = (int) (Math.min(end, index.end(piece)) - from);
      Arrays.fill(into, at + (int) (next - offset), at + (int) (from - offset), (byte) 0);
      file.read(index.offset(piece, from), into, at + (int) (from - offset), n);
      next = from + n;
    }
    Arrays.fill(into, at + (int) (next - offset), at + length, (byte) 0);
  }

  @Override
  public void close() {
    file.close();
  }
}
