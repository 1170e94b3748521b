// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.bpfdump.image.FuseConnection;

/** Requests as a kernel sends them, one after the other, and the answers to them. */
final class Requests implements FuseConnection {
  /** Bytes of {@code struct fuse_in_header}. */
  static final int HEADER = 40;

  private final Iterator<byte[]> requests;
  private final Set<Long> asked = new HashSet<>();
  private final Map<Long, ByteBuffer> answers = new ConcurrentHashMap<>();
  private final List<String> wrong = new ArrayList<>();

  Requests(Iterator<byte[]> requests) {
    this.requests = requests;
  }

  /** A request with this body. */
  static byte[] request(int opcode, long unique, long node, byte[] body) {
    ByteBuffer all = ByteBuffer.allocate(HEADER + body.length).order(ByteOrder.nativeOrder());
    all.putInt(all.capacity()).putInt(opcode).putLong(unique).putLong(node);
    return all.put(HEADER, body).array();
  }

  /** A body: ints, longs and texts (with a NUL), one after the other. */
  static byte[] body(Object... parts) {
    ByteBuffer body = ByteBuffer.allocate(512).order(ByteOrder.nativeOrder());
    for (Object part : parts) {
      switch (part) {
        case Integer number -> body.putInt(number);
        case Long number -> body.putLong(number);
        case String text -> body.put(text.getBytes(StandardCharsets.UTF_8)).put((byte) 0);
        case byte[] bytes -> body.put(bytes);
        default -> throw new IllegalArgumentException(part.toString());
      }
    }
    byte[] bytes = new byte[body.flip().remaining()];
    body.get(bytes);
    return bytes;
  }

  @Override
  public int read(MemorySegment into) {
    if (!requests.hasNext()) {
      return -1;
    }
    byte[] request = requests.next();
    if (request.length >= HEADER) {
      ByteBuffer in = ByteBuffer.wrap(request).order(ByteOrder.nativeOrder());
      switch (in.getInt(4)) {
        case Opcode.FORGET, Opcode.BATCH_FORGET, Opcode.INTERRUPT -> {}
        default -> asked.add(in.getLong(8));
      }
    }
    MemorySegment.copy(request, 0, into, ValueLayout.JAVA_BYTE, 0, request.length);
    return request.length;
  }

  @Override
  public void write(MemorySegment answer) {
    ByteBuffer out = ByteBuffer.wrap(answer.toArray(ValueLayout.JAVA_BYTE));
    out.order(ByteOrder.nativeOrder());
    boolean sound = out.getInt(0) == out.capacity() && out.getInt(4) <= 0 && out.getInt(4) > -1000;
    if (!sound || answers.put(out.getLong(8), out) != null) {
      synchronized (wrong) {
        wrong.add("answer to " + out.getLong(8) + ": error " + out.getInt(4));
      }
    }
  }

  /** The numbers of requests that wait for an answer, answered or not. */
  Set<Long> asked() {
    return asked;
  }

  /** The numbers of requests that were answered. */
  Set<Long> answered() {
    return answers.keySet();
  }

  /** Answers that were no answers, and second ones. */
  List<String> wrong() {
    return wrong;
  }

  /** The error number that a request was answered with; 0 for none. */
  int error(long unique) {
    return -answers.get(unique).getInt(4);
  }
}
