// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.testkit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * One end of a Unix socket, through which descriptors go from process to process. All that is done
 * waits for the other end.
 */
public final class DescriptorSocket implements AutoCloseable {
  private static final int AF_UNIX = 1, SOCK_STREAM = 1, SOCK_CLOEXEC = 0x80000;
  private static final int SOL_SOCKET = 1, SCM_RIGHTS = 1, MSG_CMSG_CLOEXEC = 0x40000000;
  private static final int ADDRESS = 110, MESSAGE = 56, CONTROL = 24, CONTROL_LENGTH = 20;

  private final int fd;

  private DescriptorSocket(int fd) {
    this.fd = fd;
  }

  private static DescriptorSocket socket() {
    return new DescriptorSocket(NativeCall.call("socket", AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  }

  /** A socket that others can connect to. */
  public static DescriptorSocket listen(Path at) {
    DescriptorSocket socket = socket();
    socket.atAddress("bind", at);
    NativeCall.call("listen", socket.fd, 1);
    return socket;
  }

  /** One that is connected to what listens there. */
  public static DescriptorSocket connect(Path to) {
    DescriptorSocket socket = socket();
    socket.atAddress("connect", to);
    return socket;
  }

  /** The next that connects. */
  public DescriptorSocket accept() {
    return new DescriptorSocket(
        NativeCall.call("accept4", fd, MemorySegment.NULL, MemorySegment.NULL, SOCK_CLOEXEC));
  }

  private void atAddress(String function, Path path) {
    byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(ADDRESS, 8);
      address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
      MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, 2, name.length);
      NativeCall.call(function, fd, address, ADDRESS);
    }
  }

  /** Sends a descriptor, which stays open here. */
  public void send(int descriptor) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment control = arena.allocate(CONTROL, 8);
      buffer(control)
          .putLong(CONTROL_LENGTH)
          .putInt(SOL_SOCKET)
          .putInt(SCM_RIGHTS)
          .putInt(descriptor);
      NativeCall.call("sendmsg", fd, message(arena, control), 0);
    }
  }

  /** Receives one: its number here, for the caller to close. */
  public int receive() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment control = arena.allocate(CONTROL, 8);
      int bytes = NativeCall.call("recvmsg", fd, message(arena, control), MSG_CMSG_CLOEXEC);
      ByteBuffer got = buffer(control);
      if (bytes != 1 || got.getLong(0) != CONTROL_LENGTH || got.getInt(12) != SCM_RIGHTS) {
        throw new AssertionError("no descriptor came");
      }
      return got.getInt(16);
    }
  }

  /** A {@code struct msghdr} with one byte of data. */
  private static MemorySegment message(Arena arena, MemorySegment control) {
    MemorySegment vector = arena.allocate(16, 8);
    buffer(vector).putLong(arena.allocate(1).address()).putLong(1);
    MemorySegment message = arena.allocate(MESSAGE, 8);
    buffer(message)
        .putLong(16, vector.address())
        .putLong(24, 1)
        .putLong(32, control.address())
        .putLong(40, CONTROL);
    return message;
  }

  private static ByteBuffer buffer(MemorySegment segment) {
    return segment.asByteBuffer().order(ByteOrder.nativeOrder());
  }

  @Override
  public void close() {
    NativeCall.call("close", fd);
  }
}
