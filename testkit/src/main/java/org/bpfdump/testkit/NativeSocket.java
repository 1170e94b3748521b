// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A socket of any family, with the options and the descriptor that Java's own do not show. Nothing
 * it does waits: it is non-blocking from its start. What cannot be done fails the test.
 */
public final class NativeSocket implements AutoCloseable {
  /** Families. */
  public static final int AF_INET = 2, AF_INET6 = 10, AF_NETLINK = 16;

  /** Types. */
  public static final int SOCK_STREAM = 1, SOCK_DGRAM = 2, SOCK_RAW = 3;

  private static final int SOCK_NONBLOCK = 0x800;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int EINPROGRESS = 115;
  private static final int INT = 4;

  private final int fd;
  private boolean closed;

  private NativeSocket(int fd) {
    this.fd = fd;
  }

  /** A socket in the network namespace of this thread. */
  public static NativeSocket open(int family, int type, int protocol) {
    return new NativeSocket(
        NativeCall.call("socket", family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol));
  }

  /** Its descriptor, which stays its own. */
  public int fd() {
    return fd;
  }

  /** Its inode number, which tells it from all others. */
  public long inode() {
    try {
      String link = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
      return Long.parseLong(link.substring("socket:[".length(), link.length() - 1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Binds it to a numeric IPv4 or IPv6 address. */
  public NativeSocket bind(String host, int port) {
    return bind(address(host, port));
  }

  /** Binds it to a {@code struct sockaddr} of its family. */
  public NativeSocket bind(byte[] address) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, address);
      NativeCall.call("bind", fd, bytes, address.length);
    }
    return this;
  }

  /** Binds a netlink socket to a free port and the groups of this mask. */
  public NativeSocket bindGroups(int groups) {
    return bind(
        ByteBuffer.allocate(12)
            .order(ByteOrder.nativeOrder())
            .putShort((short) AF_NETLINK)
            .putShort((short) 0)
            .putInt(0)
            .putInt(groups)
            .array());
  }

  /** Has it accept connections. */
  public NativeSocket listen(int backlog) {
    NativeCall.call("listen", fd, backlog);
    return this;
  }

  /** Starts to connect it; over the loopback device that is done at once. */
  public NativeSocket connect(String host, int port) {
    byte[] address = address(host, port);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, address);
      int result = NativeCall.attempt("connect", fd, bytes, address.length);
      if (result != 0 && result != -EINPROGRESS) {
        throw new AssertionError("connect to %s %d: errno %d".formatted(host, port, -result));
      }
    }
    return this;
  }

  /** Takes the next connection, which must be there or come within some seconds. */
  public NativeSocket accept() throws InterruptedException {
    for (int wait = 0; wait < 500; wait++) {
      int result =
          NativeCall.attempt("accept4", fd, MemorySegment.NULL, MemorySegment.NULL, SOCK_CLOEXEC);
      if (result >= 0) {
        return new NativeSocket(result);
      }
      if (result != -NativeCall.EAGAIN) {
        throw new AssertionError("accept: errno " + -result);
      }
      Thread.sleep(10);
    }
    throw new AssertionError("accept: nobody came");
  }

  /** Sets an option to a number. */
  public NativeSocket option(int level, int option, int value) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment number = arena.allocateFrom(ValueLayout.JAVA_INT, value);
      NativeCall.call("setsockopt", fd, level, option, number, INT);
    }
    return this;
  }

  /** The number of 64 bits that an option has. */
  public long option(int level, int option) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment number = arena.allocate(ValueLayout.JAVA_LONG);
      MemorySegment size = arena.allocateFrom(ValueLayout.JAVA_INT, Long.BYTES);
      NativeCall.call("getsockopt", fd, level, option, number, size);
      return number.get(ValueLayout.JAVA_LONG, 0);
    }
  }

  /**
   * Sends so many zero bytes, or fewer where no more fit.
   *
   * @return how many were taken
   */
  public int send(int count) {
    try (Arena arena = Arena.ofConfined()) {
      int result = NativeCall.attempt("write", fd, arena.allocate(count), (long) count);
      if (result < 0 && result != -NativeCall.EAGAIN) {
        throw new AssertionError("write: errno " + -result);
      }
      return Math.max(result, 0);
    }
  }

  /** Makes it somebody else's. */
  public NativeSocket owner(int uid) {
    NativeCall.call("fchown", fd, uid, -1);
    return this;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      NativeCall.call("close", fd);
    }
  }

  private static byte[] address(String host, int port) {
    byte[] ip;
    try {
      ip = InetAddress.getByName(host).getAddress();
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
    boolean four = ip.length == 4 && !host.contains(":");
    ByteBuffer address = ByteBuffer.allocate(four ? 16 : 28).order(ByteOrder.nativeOrder());
    address.putShort((short) (four ? AF_INET : AF_INET6));
    address.put((byte) (port >> 8)).put((byte) port);
    if (four) {
      return address.put(ip).array();
    }
    address.putInt(0);
    if (ip.length == 4) { // Java makes an IPv4 address of a mapped one
      address.put(new byte[10]).putShort((short) -1);
    }
    return address.put(ip).array();
  }
}
