// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A {@code union bpf_attr} being filled, with what it points to. Zero where nothing was put, as the
 * kernel demands. Offsets: {@code include/uapi/linux/bpf.h}.
 */
final class Attr implements AutoCloseable {
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment segment;
  private final ByteBuffer bytes;

  Attr(int size) {
    segment = arena.allocate(size, 8);
    bytes = segment.asByteBuffer().order(ByteOrder.nativeOrder());
  }

  MemorySegment segment() {
    return segment;
  }

  int size() {
    return bytes.capacity();
  }

  Attr putInt(int offset, int value) {
    bytes.putInt(offset, value);
    return this;
  }

  Attr putLong(int offset, long value) {
    bytes.putLong(offset, value);
    return this;
  }

  int getInt(int offset) {
    return bytes.getInt(offset);
  }

  /** Puts a name of at most 15 bytes, in the letters that the kernel takes. */
  Attr putName(int offset, String name) {
    int length = Math.min(name.length(), 15);
    for (int i = 0; i < length; i++) {
      char c = name.charAt(i);
      boolean taken =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.';
      bytes.put(offset + i, (byte) (taken ? c : '_'));
    }
    return this;
  }

  /** Puts the address of a copy of these bytes; 0 when there are none. */
  Attr putBytes(int offset, byte[] data) {
    if (data.length > 0) {
      MemorySegment copy = arena.allocate(data.length, 8);
      MemorySegment.copy(MemorySegment.ofArray(data), 0, copy, 0, data.length);
      bytes.putLong(offset, copy.address());
    }
    return this;
  }

  /** Puts the address of a copy of this string, ended by a NUL. */
  Attr putString(int offset, String string) {
    byte[] utf8 = string.getBytes(StandardCharsets.UTF_8);
    return putBytes(offset, java.util.Arrays.copyOf(utf8, utf8.length + 1));
  }

  /** Puts the address of this many zero bytes, which the kernel will fill. */
  ByteBuffer putBuffer(int offset, int size) {
    MemorySegment buffer = arena.allocate(size, 8);
    bytes.putLong(offset, buffer.address());
    return buffer.asByteBuffer().order(ByteOrder.nativeOrder());
  }

  @Override
  public void close() {
    arena.close();
  }
}
