// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bpfdump.image.TestImages;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.walk.Namespace;
import org.bpfdump.image.walk.Walk;
import org.bpfdump.image.walk.Walks;
import org.bpfdump.kernel.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Walks over the network give on an image what iterators and /proc gave on its kernel. */
class NetworkTargetsTest {
  private static final Parameter ALL = new Parameter.None();
  private static final int LISTEN = 10;
  private static final int TIME_WAIT = 6;

  private static List<String> rows(String image, String target, Row row) {
    Walks walks = new Walks(TestImages.shared(image));
    List<String> rows = walks.rows(walks.open(target, ALL), arguments -> row.of(walks, arguments));
    assertThat(walks.notes()).isEmpty();
    return rows;
  }

  private interface Row {
    String of(Walks walks, long[] arguments);
  }

  private static long common(Walks walks, String member, long sock) {
    return walks.get("sock_common", member, sock);
  }

  private static long port(Walks walks, long sock) {
    return Short.toUnsignedInt(Short.reverseBytes((short) common(walks, "skc_dport", sock)));
  }

  private static String address(long value) {
    return "%03d.%03d.%03d.%03d"
        .formatted(value & 0xFF, value >> 8 & 0xFF, value >> 16 & 0xFF, value >> 24 & 0xFF);
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void tcpSocketsAreThoseThatTheIteratorShowedInItsOrder(String image) {
    assertThat(rows(image, "tcp", NetworkTargetsTest::tcp)).isEqualTo(Walks.truth(image, "tcp"));
  }

  private static String tcp(Walks walks, long[] row) {
    return "%x fam=%d st=%d lport=%d dport=%d s=%s d=%s uid=%d net=%x"
        .formatted(
            row[0],
            common(walks, "skc_family", row[0]),
            common(walks, "skc_state", row[0]),
            common(walks, "skc_num", row[0]),
            port(walks, row[0]),
            address(common(walks, "skc_rcv_saddr", row[0])),
            address(common(walks, "skc_daddr", row[0])),
            row[1],
            common(walks, "skc_net.net", row[0]));
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void tcpSocketsListenFirst(String image) {
    List<Long> states = new ArrayList<>();
    rows(
        image,
        "tcp",
        (walks, row) -> {
          states.add(common(walks, "skc_state", row[0]));
          return "";
        });
    long listening = states.stream().filter(state -> state == LISTEN).count();
    assertThat(states.subList(0, (int) listening)).containsOnly((long) LISTEN);
    assertThat(states).contains((long) TIME_WAIT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void tcpSocketsAreThoseOfProc(String image) {
    List<String> proc = new ArrayList<>(proc(image, "tcp", 11));
    proc.addAll(proc(image, "tcp6", 11));
    assertThat(rows(image, "tcp", (_, row) -> Long.toHexString(row[0])))
        .containsExactlyInAnyOrderElementsOf(proc);
  }

  /** A column of a file below /proc/net, without its heading. */
  private static List<String> proc(String image, String file, int column) {
    return TestImages.truth(image).file("/proc/net/" + file).stream()
        .skip(1)
        .map(line -> line.strip().split("[ ]+")[column].replace(":", ""))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void udpSocketsAreThoseThatTheIteratorShowedInItsOrder(String image) {
    assertThat(rows(image, "udp", NetworkTargetsTest::udp)).isEqualTo(Walks.truth(image, "udp"));
  }

  private static String udp(Walks walks, long[] row) {
    return "%x bucket=%d fam=%d lport=%d dport=%d st=%d uid=%d"
        .formatted(
            row[0],
            row[2],
            common(walks, "skc_family", row[0]),
            common(walks, "skc_num", row[0]),
            port(walks, row[0]),
            common(walks, "skc_state", row[0]),
            row[1]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void udpSocketsAreThoseOfProc(String image) {
    List<String> proc = new ArrayList<>(proc(image, "udp", 11));
    proc.addAll(proc(image, "udp6", 11));
    assertThat(rows(image, "udp", (_, row) -> Long.toHexString(row[0])))
        .containsExactlyInAnyOrderElementsOf(proc);
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void unixSocketsAreThoseThatTheIteratorShowedInItsOrder(String image) {
    assertThat(rows(image, "unix", NetworkTargetsTest::unix)).isEqualTo(Walks.truth(image, "unix"));
  }

  private static String unix(Walks walks, long[] row) {
    long name = walks.get("unix_sock", "addr", row[0]);
    long type = walks.get("sock", "sk_type", row[0]);
    return "%x type=%d st=%d peer=%x uid=%d len=%d"
        .formatted(
            row[0],
            type,
            common(walks, "skc_state", row[0]),
            walks.get("unix_sock", "peer", row[0]),
            row[1],
            name == 0 ? -1 : walks.get("unix_address", "len", name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void unixSocketsAreThoseOfProc(String image) {
    assertThat(rows(image, "unix", (_, row) -> Long.toHexString(row[0])))
        .isEqualTo(proc(image, "unix", 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void netlinkSocketsAreThoseThatTheIteratorShowedInItsOrder(String image) {
    assertThat(rows(image, "netlink", NetworkTargetsTest::netlink))
        .isEqualTo(Walks.truth(image, "netlink"));
    assertThat(rows(image, "netlink", (_, row) -> Long.toHexString(row[0])))
        .isEqualTo(proc(image, "netlink", 0));
  }

  private static String netlink(Walks walks, long[] row) {
    return "%x proto=%d portid=%d bound=%d ngroups=%d"
        .formatted(
            row[0],
            walks.get("sock", "sk_protocol", row[0]),
            walks.get("netlink_sock", "portid", row[0]),
            walks.get("netlink_sock", "bound", row[0]),
            walks.get("netlink_sock", "ngroups", row[0]));
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void routesAreThoseThatTheIteratorShowedInItsOrder(String image) {
    assertThat(rows(image, "ipv6_route", NetworkTargetsTest::route))
        .isEqualTo(Walks.truth(image, "ipv6_route"));
  }

  private static String route(Walks walks, long[] row) {
    long address = row[0] + offset(walks, "fib6_dst.addr");
    StringBuilder prefix = new StringBuilder();
    for (int i = 0; i < 16; i++) {
      prefix.append("%02x".formatted(walks.memory().u8(address + i)));
    }
    return "%x %s/%d metric=%d flags=%x proto=%d type=%d"
        .formatted(
            row[0],
            prefix,
            walks.get("fib6_info", "fib6_dst.plen", row[0]),
            walks.get("fib6_info", "fib6_metric", row[0]),
            walks.get("fib6_info", "fib6_flags", row[0]),
            walks.get("fib6_info", "fib6_protocol", row[0]),
            walks.get("fib6_info", "fib6_type", row[0]));
  }

  private static int offset(Walks walks, String member) {
    return walks.types().field("fib6_info", member).offset();
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void routesHaveThePrefixesOfProc(String image) {
    assertThat(
            rows(image, "ipv6_route", NetworkTargetsTest::route).stream()
                .map(row -> row.split("[ /]")[1])
                .toList())
        .isEqualTo(
            TestImages.truth(image).file("/proc/net/ipv6_route").stream()
                .map(line -> line.substring(0, 32))
                .toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void theFirstNetworkNamespaceHasAllSocketsAndAnotherNone(String image) {
    Snapshot snapshot = TestImages.shared(image);
    List<Namespace> found = NetworkNamespaces.in(snapshot);
    assertThat(found.getFirst().address()).isEqualTo(snapshot.root(Root.INIT_NET));
    // As the kernel numbers the first of each kind, from PROC_DYNAMIC_FIRST or fixed.
    assertThat(found.getFirst().inode()).isBetween(0xEFFF_FFF0L, 0xF000_0FFFL);
    Walks walks = new Walks(snapshot);
    // Netlink has one table for all namespaces: a socket must be asked which it is in.
    Walk elsewhere = walks.openIn("netlink", found.getFirst().address() + 64);
    assertThat(walks.rows(elsewhere, row -> row[0])).isEmpty();
  }
}
