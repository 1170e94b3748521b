// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.fuse;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.bpfdump.image.FuseConnection;

/** Reads requests and has them answered, those that can take long by threads of their own. */
public final class Server {
  /** What a kernel wants at least, for what it writes at a time. */
  private static final int MOST_WRITTEN = 128 << 10;

  private static final int ROOM = MOST_WRITTEN + 4096;

  private static final int MAJOR = 7;
  private static final int MINOR = 31;

  private final FuseConnection connection;
  private final Operations operations;

  /** Serves a tree, which stays the caller's. */
  public Server(Tree tree, FuseConnection connection) {
    this.connection = connection;
    this.operations = new Operations(tree, connection);
  }

  /** Goes on until the file system is gone. */
  public void run() {
    try (Arena arena = Arena.ofConfined();
        ExecutorService threads =
            Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name("fuse-", 0).factory())) {
      MemorySegment room = arena.allocate(ROOM, 8);
      for (int n = connection.read(room); n >= 0; n = connection.read(room)) {
        Request request = Request.of(room.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE), n);
        if (request == null) {
          continue;
        }
        switch (request.opcode()) {
          case Opcode.INIT -> initialize(request);
          case Opcode.READ, Opcode.FLUSH, Opcode.OPEN ->
              threads.execute(() -> operations.answer(request));
          case Opcode.DESTROY -> {
            Answer.done(connection, request.unique());
            return;
          }
          default -> operations.answer(request);
        }
      }
    } finally {
      operations.close();
    }
  }

  /** Agrees on the protocol. */
  private void initialize(Request request) {
    if (request.body().limit() < Integer.BYTES || request.body().getInt(0) < MAJOR) {
      Answer.error(connection, request.unique(), Refusal.EINVAL);
      return;
    }
    ByteBuffer out = Answer.body(64);
    // Read-ahead and flags: none, everything is read as it is asked for.
    out.putInt(MAJOR).putInt(MINOR).putInt(0).putInt(0);
    out.putShort((short) 16).putShort((short) 12); // requests under way
    out.putInt(MOST_WRITTEN).putInt(1_000_000_000);
    out.position(64);
    Answer.bytes(connection, request.unique(), out);
  }
}
