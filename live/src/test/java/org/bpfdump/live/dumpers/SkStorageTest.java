// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.dumpers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bpfdump.testkit.NativeSocket.AF_INET;
import static org.bpfdump.testkit.NativeSocket.AF_INET6;
import static org.bpfdump.testkit.NativeSocket.AF_NETLINK;
import static org.bpfdump.testkit.NativeSocket.SOCK_DGRAM;
import static org.bpfdump.testkit.NativeSocket.SOCK_RAW;
import static org.bpfdump.testkit.NativeSocket.SOCK_STREAM;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.testkit.NativeSocket;
import org.bpfdump.testkit.NetworkNamespace;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sk_storage} writes the sockets that have a value in a map, and the value. */
@RequiresKernel
class SkStorageTest {
  private static final String HEADING = "family protocol state inode cookie local remote value";
  private static final int SOL_SOCKET = 1, SO_COOKIE = 57;
  private static final int TCP = 6, UDP = 17;
  private static final int ESTABLISHED = 1, CLOSE = 7, LISTEN = 10;

  private final List<NativeSocket> sockets = new ArrayList<>();
  private NetworkNamespace namespace;

  @BeforeEach
  void open() {
    namespace = new NetworkNamespace();
  }

  @AfterEach
  void close() {
    sockets.forEach(NativeSocket::close);
    namespace.close();
  }

  private NativeSocket socket(int family, int type) {
    NativeSocket socket = namespace.socket(family, type, 0);
    sockets.add(socket);
    return socket;
  }

  private static List<String> rows(TestMap map) throws IOException {
    try (Example example = Example.load("sk_storage", new Parameter.MapId(map.id()))) {
      return example.rows(HEADING);
    }
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static String row(
      int family, int protocol, int state, NativeSocket socket, long cookie, String rest) {
    return "%d %d %d %d %d %s".formatted(family, protocol, state, socket.inode(), cookie, rest);
  }

  @Test
  void aListenerHasAddressPortAndValue() throws IOException {
    NativeSocket listener = socket(AF_INET6, SOCK_STREAM).bind("::1", 4660).listen(1);
    try (TestMap map = TestMap.socketStorage(4)) {
      map.put(listener, bytes("deadbeef"));
      assertThat(rows(map))
          .containsExactly(
              row(
                  AF_INET6,
                  TCP,
                  LISTEN,
                  listener,
                  0,
                  "[0000:0000:0000:0000:0000:0000:0000:0001]:4660"
                      + " [0000:0000:0000:0000:0000:0000:0000:0000]:0 deadbeef"));
    }
  }

  @Test
  void aConnectionHasBothEnds() throws IOException {
    NativeSocket listener = socket(AF_INET, SOCK_STREAM).bind("127.0.0.2", 80).listen(1);
    NativeSocket client =
        socket(AF_INET, SOCK_STREAM).bind("127.0.0.3", 4660).connect("127.0.0.2", 80);
    try (TestMap map = TestMap.socketStorage(2)) {
      map.put(client, bytes("0102"));
      assertThat(rows(map))
          .as("not its listener " + listener.inode())
          .containsExactly(
              row(AF_INET, TCP, ESTABLISHED, client, 0, "127.0.0.3:4660 127.0.0.2:80 0102"));
    }
  }

  @Test
  void aSocketOfAnotherFamilyHasNoAddress() throws IOException {
    NativeSocket netlink = socket(AF_NETLINK, SOCK_RAW);
    try (TestMap map = TestMap.socketStorage(1)) {
      map.put(netlink, bytes("7f"));
      assertThat(rows(map)).hasSize(1).first().asString().startsWith("16 0 ").endsWith(" - - 7f");
    }
  }

  @Test
  void aCookieIsShownOnceItWasAskedFor() throws IOException {
    NativeSocket socket = socket(AF_INET, SOCK_DGRAM).bind("127.0.0.1", 4660);
    long cookie = socket.option(SOL_SOCKET, SO_COOKIE);
    assertThat(cookie).isNotZero();
    try (TestMap map = TestMap.socketStorage(1)) {
      map.put(socket, bytes("00"));
      assertThat(rows(map))
          .containsExactly(row(AF_INET, UDP, CLOSE, socket, cookie, "127.0.0.1:4660 0.0.0.0:0 00"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 17, 200})
  void aValueOfAnySizeShowsItsFirst16Bytes(int size) throws IOException {
    byte[] value = new byte[size];
    for (int i = 0; i < size; i++) {
      value[i] = (byte) (i + 1);
    }
    String shown = HexFormat.of().formatHex(value, 0, Math.min(size, 16));
    NativeSocket socket = socket(AF_INET, SOCK_STREAM);
    try (TestMap map = TestMap.socketStorage(size)) {
      map.put(socket, value);
      assertThat(rows(map))
          .containsExactly(
              row(
                  AF_INET,
                  TCP,
                  CLOSE,
                  socket,
                  0,
                  "0.0.0.0:0 0.0.0.0:0 " + shown + (size > 16 ? "..." : "")));
    }
  }

  @Test
  void onlySocketsOfTheMapAreShown() throws IOException {
    NativeSocket here = socket(AF_INET, SOCK_STREAM);
    NativeSocket there = socket(AF_INET, SOCK_STREAM);
    try (TestMap map = TestMap.socketStorage(1);
        TestMap other = TestMap.socketStorage(1)) {
      map.put(here, bytes("01"));
      other.put(there, bytes("02"));
      assertThat(rows(map)).singleElement().asString().contains(" " + here.inode() + " ");
      assertThat(rows(other)).singleElement().asString().contains(" " + there.inode() + " ");
    }
  }

  @Test
  void aMapWithoutValuesGivesNothing() throws IOException {
    try (TestMap map = TestMap.socketStorage(1);
        Example example = Example.load("sk_storage", new Parameter.MapId(map.id()))) {
      assertThat(example.text()).isEmpty();
      map.put(socket(AF_INET, SOCK_STREAM), bytes("01"));
      assertThat(example.text()).isNotEmpty();
    }
  }

  @Test
  void manySocketsAreAllThereOnce() throws IOException {
    List<String> values = new ArrayList<>();
    try (TestMap map = TestMap.socketStorage(16)) {
      for (int i = 0; i < 600; i++) {
        byte[] value = ByteBuffer.allocate(16).putInt(12, i).array();
        map.put(socket(AF_INET6, SOCK_STREAM), value);
        values.add(HexFormat.of().formatHex(value));
      }
      assertThat(rows(map))
          .extracting(r -> r.substring(r.lastIndexOf(' ') + 1))
          .containsExactlyInAnyOrderElementsOf(values);
    }
  }
}
