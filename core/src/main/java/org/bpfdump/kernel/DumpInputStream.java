// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;

/** A dump's bytes as an input stream. */
final class DumpInputStream extends InputStream {
  private static final int CHUNK = 64 << 10;

  private final Dump dump;

  // Off the heap, since a kernel writes there; freed with this object, whichever thread reads it.
  private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK).limit(0);
  private final MemorySegment segment = MemorySegment.ofBuffer(chunk.duplicate().clear());

  DumpInputStream(Dump dump) {
    this.dump = dump;
  }

  static Stream<String> lines(Dump dump) {
    return new BufferedReader(
            new InputStreamReader(new DumpInputStream(dump), StandardCharsets.UTF_8))
        .lines();
  }

  /** Whether there are bytes in the chunk, after reading more when there were none. */
  private boolean fill() {
    if (!chunk.hasRemaining()) {
      chunk.position(0).limit((int) dump.read(segment));
    }
    return chunk.hasRemaining();
  }

  @Override
  public int read() {
    return fill() ? chunk.get() & 0xFF : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int n = Math.min(length, chunk.remaining());
    chunk.get(into, offset, n);
    return n;
  }

  @Override
  public int available() {
    return chunk.remaining();
  }

  @Override
  public long transferTo(OutputStream out) throws IOException {
    byte[] bytes = new byte[CHUNK];
    long total = 0;
    for (int n = read(bytes); n >= 0; n = read(bytes)) {
      out.write(bytes, 0, n);
      total += n;
    }
    return total;
  }
}
