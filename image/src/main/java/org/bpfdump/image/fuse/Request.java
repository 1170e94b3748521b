// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.fuse;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A request: {@code struct fuse_in_header}, and what follows it.
 *
 * @param opcode what is asked for
 * @param unique number, for the answer
 * @param node of which file
 * @param uid who asks
 * @param gid of which group
 * @param body what follows, position at its start
 */
record Request(int opcode, long unique, long node, int uid, int gid, ByteBuffer body) {
  private static final int HEADER = 40;

  /** The request in these bytes; null when they are none. */
  static Request of(byte[] bytes, int length) {
    if (length < HEADER) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, 0, length).order(ByteOrder.nativeOrder());
    int opcode = in.getInt(4);
    long unique = in.getLong(8);
    long node = in.getLong(16);
    int uid = in.getInt(24);
    int gid = in.getInt(28);
    in.position(HEADER);
    return new Request(opcode, unique, node, uid, gid, in.slice().order(in.order()));
  }

  /** Whether who asks waits for an answer. */
  boolean isAnswered() {
    return switch (opcode) {
      case Opcode.FORGET, Opcode.BATCH_FORGET, Opcode.INTERRUPT -> false;
      default -> true;
    };
  }

  /** A text that ends with a NUL, from {@code at} on. */
  String text(int at) {
    int end = at;
    while (end < body.limit() && body.get(end) != 0) {
      end++;
    }
    return StandardCharsets.UTF_8.decode(body.slice(at, end - at)).toString();
  }

  /** The bytes from {@code at} on, {@code length} of them. */
  byte[] bytes(int at, int length) {
    byte[] bytes = new byte[Math.clamp(length, 0, Math.max(0, body.limit() - at))];
    body.get(Math.min(at, body.limit()), bytes);
    return bytes;
  }
}
