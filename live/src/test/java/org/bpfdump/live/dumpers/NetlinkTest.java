// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.dumpers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bpfdump.testkit.NativeSocket.AF_NETLINK;
import static org.bpfdump.testkit.NativeSocket.SOCK_RAW;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.testkit.NativeSocket;
import org.bpfdump.testkit.NetworkNamespace;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code netlink} writes what {@code /proc/net/netlink} has. */
@RequiresKernel
class NetlinkTest {
  private static final int ROUTE = 0;
  private static final int LINKS = 1;

  /** Where columns are, counted from 0. */
  private static final int PROTOCOL = 1, PORT = 2, GROUPS = 3, UNREAD = 4, INODE = 9;

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

  private NativeSocket socket(int protocol, int groups) {
    NativeSocket socket = namespace.socket(AF_NETLINK, SOCK_RAW, protocol);
    sockets.add(socket);
    return socket.bindGroups(groups);
  }

  private List<String[]> rows() throws IOException {
    try (Example example = Example.load("netlink")) {
      return example.sameAsProc(namespace, "netlink").lines().map(r -> r.split(" +")).toList();
    }
  }

  private String[] row(NativeSocket socket) throws IOException {
    String inode = Long.toString(socket.inode());
    List<String[]> rows = rows().stream().filter(r -> r[INODE].equals(inode)).toList();
    assertThat(rows).as("rows of inode " + inode).hasSize(1);
    return rows.getFirst();
  }

  @Test
  void theKernelsOwnSocketsAreShown() throws IOException {
    assertThat(rows()).anyMatch(r -> r[PROTOCOL].equals("0") && r[PORT].equals("0"));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0, 0x451", "2, 0x80000001", "4, 1", "15, 1", "16, 2"})
  void aSocketIsShownWithProtocolAndGroups(int protocol, String mask) throws IOException {
    int groups = Long.decode(mask).intValue();
    String[] row = row(socket(protocol, groups));
    assertThat(row[PROTOCOL]).isEqualTo(Integer.toString(protocol));
    assertThat(row[GROUPS]).isEqualTo("%08x".formatted(groups));
  }

  @Test
  void whatASocketHasNotReadIsShown() throws IOException {
    NativeSocket socket = socket(ROUTE, LINKS);
    namespace.ip("link add left type veth");
    assertThat(Integer.parseInt(row(socket)[UNREAD])).isPositive();
  }

  @Test
  void manySocketsAreAllThereOnce() throws IOException {
    for (int i = 0; i < 500; i++) {
      socket(ROUTE, i);
    }
    List<String> inodes = rows().stream().map(r -> r[INODE]).toList();
    assertThat(sockets)
        .extracting(s -> Long.toString(s.inode()))
        .hasSize(500)
        .allSatisfy(inode -> assertThat(inodes).containsOnlyOnce(inode));
  }

  @Test
  void theSocketsAreThoseOfTheNamespaceOfWhoOpens() throws IOException {
    long inode = socket(ROUTE, LINKS).inode();
    try (Example example = Example.load("netlink")) {
      assertThat(example.text(namespace)).containsPattern(" " + inode + " *\n");
      assertThat(example.text()).doesNotContainPattern(" " + inode + " *\n");
    }
  }
}
