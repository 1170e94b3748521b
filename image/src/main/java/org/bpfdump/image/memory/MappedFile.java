// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;

/** A whole file, mapped: no byte is read before it is used. */
final class MappedFile implements Source {
  private final String name;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment bytes;

  /** Maps an open file, which the caller closes. */
  MappedFile(String name, FileChannel channel) throws IOException {
    this.name = name;
    try {
      bytes = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
    } catch (IOException | RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long size() {
    return bytes.byteSize();
  }

  @Override
  public MemorySegment slice(long offset, long length) {
    return bytes.asSlice(offset, length);
  }

  @Override
  public void close() {
    arena.close();
  }
}
