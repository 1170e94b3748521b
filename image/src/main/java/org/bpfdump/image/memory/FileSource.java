// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.bpfdump.error.MalformedException;

/**
 * A file, of which no byte is read before it is used. It is read, not mapped: what was read takes
 * the room that its user gives it, and a file that gets shorter meanwhile, or a disk that fails, is
 * an error like others. Short reads are made of blocks, the last of which are kept, for headers
 * that follow each other.
 */
final class FileSource implements Source {
  private static final int BLOCK_SHIFT = 12;
  private static final int BLOCK = 1 << BLOCK_SHIFT;

  /** Bytes up to which a read is short. */
  private static final int SHORT = 256;

  /** Blocks kept. A power of 2. */
  private static final int KEPT = 64;

  private record Block(long number, ByteBuffer bytes) {}

  private final String name;
  private final RandomAccessFile file;
  private final long size;

  // Written by any thread and read by any: a record's fields are final, so that whoever sees one
  // sees all of it.
  private final Block[] kept = new Block[KEPT];

  /** Opens a file. */
  FileSource(Path path) throws IOException {
    this(path.toString(), new RandomAccessFile(path.toFile(), "r"));
  }

  /** Owns the file, unless this fails. */
  FileSource(String name, RandomAccessFile file) throws IOException {
    this.name = name;
    this.file = file;
    this.size = file.length();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(long offset, byte[] into, int at, int length) {
    if (length > SHORT) {
      readFile(offset, into, at, length);
      return;
    }
    int done = 0;
    while (done < length) {
      int start = (int) (offset + done) & (BLOCK - 1);
      int n = Math.min(length - done, BLOCK - start);
      block((offset + done) >>> BLOCK_SHIFT).get(start, into, at + done, n);
      done += n;
    }
  }

  private ByteBuffer block(long number) {
    int slot = (int) number & (KEPT - 1);
    Block found = kept[slot];
    if (found == null || found.number != number) {
      long offset = number << BLOCK_SHIFT;
      byte[] bytes = new byte[(int) Math.min(BLOCK, size - offset)];
      readFile(offset, bytes, 0, bytes.length);
      found = new Block(number, ByteBuffer.wrap(bytes));
      kept[slot] = found;
    }
    return found.bytes;
  }

  private void readFile(long offset, byte[] into, int at, int length) {
    // Not by a channel's reads at a position: an interrupt of one thread would close it for all.
    synchronized (file) {
      try {
        file.seek(offset);
        file.readFully(into, at, length);
      } catch (IOException e) {
        MalformedException malformed = malformed("cannot be read: " + reason(e), offset);
        malformed.addSuppressed(e);
        throw malformed;
      }
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? "it is shorter than it was" : e.getMessage();
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      // it was only read
    }
  }
}
