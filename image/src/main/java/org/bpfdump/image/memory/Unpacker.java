// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipException;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.ImageSource;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.XZIOException;

/**
 * Opens files, those that are packed by way of a temporary file, which is gone when the source is
 * closed, whatever ends the JVM: it has no name after it was made. Zeros take no room there.
 */
final class Unpacker {
  private static final int BUFFER = 64 << 10;
  private static final long EVERY = TimeUnit.MILLISECONDS.toNanos(100);
  private static final byte[] ZEROS = new byte[BUFFER];

  private final Path path;
  private final ImageSource.Progress progress;
  private long told;

  private Unpacker(Path path, ImageSource.Progress progress) {
    this.path = path;
    this.progress = progress;
  }

  /** The file, unpacked if it is packed. */
  static FileSource open(Path path, ImageSource.Progress progress) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      ByteBuffer start = ByteBuffer.allocate(8);
      while (start.hasRemaining() && channel.read(start, start.position()) > 0) {
        // to the end of the file, if it has fewer
      }
      Packing packing = Packing.of(Arrays.copyOf(start.array(), start.position()));
      return packing == null
          ? new FileSource(path)
          : new Unpacker(path, progress).unpack(packing, channel);
    }
  }

  private FileSource unpack(Packing packing, FileChannel packed) throws IOException {
    Path file = Files.createTempFile("bpfdump-", ".unpacked");
    RandomAccessFile plain = null;
    try (InputStream in = packing.unpack(Channels.newInputStream(packed))) {
      plain = new RandomAccessFile(file.toFile(), "rw");
      Files.delete(file);
      byte[] buffer = new byte[BUFFER];
      long size = 0;
      int n;
      while ((n = in.readNBytes(buffer, 0, BUFFER)) > 0) {
        tell(packed.position(), packed.size());
        write(plain, buffer, n, size, packing, file);
        size += n;
      }
      plain.setLength(size);
      progress.unpacked(path, packed.size(), packed.size());
      FileSource source = new FileSource(path.toString(), plain);
      plain = null;
      return source;
    } catch (MemoryLimitException e) {
      throw new UnsupportedException(
          path + " needs " + (e.getMemoryNeeded() >> 10) + " MB to unpack: do so with xz -d");
    } catch (EOFException | ZipException | XZIOException e) {
      throw new MalformedException(
          path + " is packed with " + packing.command() + ", and broken: " + reason(e), -1);
    } finally {
      if (plain != null) {
        plain.close();
      }
      Files.deleteIfExists(file);
    }
  }

  private static void write(
      RandomAccessFile plain, byte[] buffer, int length, long at, Packing packing, Path file)
      throws IOException {
    if (Arrays.equals(buffer, 0, length, ZEROS, 0, length)) {
      return;
    }
    try {
      plain.seek(at);
      plain.write(buffer, 0, length);
    } catch (IOException e) {
      throw new IOException(
          "cannot unpack into "
              + file.getParent()
              + ": "
              + e.getMessage()
              + ": make room there, or unpack the file elsewhere with "
              + packing.command()
              + " -d",
          e);
    }
  }

  private void tell(long done, long total) {
    long now = System.nanoTime();
    if (told == 0 || now - told >= EVERY) {
      told = now;
      progress.unpacked(path, done, total);
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? "it ends early" : e.getMessage();
  }
}
