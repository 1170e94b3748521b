// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.fuse;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bpfdump.image.FuseConnection;

/** What a request gets: {@code struct fuse_out_header}, and what follows it. */
final class Answer {
  /** Bytes before what follows. */
  static final int HEADER = 16;

  private Answer() {}

  /** Nothing but success. */
  static void done(FuseConnection connection, long unique) {
    error(connection, unique, 0);
  }

  /** Nothing but an error number. */
  static void error(FuseConnection connection, long unique, int errno) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment all = arena.allocate(HEADER, 8);
      header(all, unique, -errno);
      connection.write(all);
    }
  }

  /** These bytes, from the start of the buffer to its position. */
  static void bytes(FuseConnection connection, long unique, ByteBuffer body) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment all = arena.allocate(HEADER + (long) body.position(), 8);
      all.asSlice(HEADER).copyFrom(MemorySegment.ofBuffer(body.duplicate().flip()));
      header(all, unique, 0);
      connection.write(all);
    }
  }

  /** Fills in the header of an answer that has its body already. */
  static void header(MemorySegment all, long unique, int error) {
    ByteBuffer header = all.asByteBuffer().order(ByteOrder.nativeOrder());
    header.putInt(0, (int) all.byteSize()).putInt(4, error).putLong(8, unique);
  }

  /** Where to write a body. */
  static ByteBuffer body(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
  }
}
