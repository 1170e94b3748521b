// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.dumpers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.NetworkNamespace;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code ipv6_route} writes what {@code /proc/net/ipv6_route} has, for every kind of route. */
@RequiresKernel
class Ipv6RouteTest {
  private static final String NONE = "0".repeat(32);
  private static final String NO_SOURCE = NONE + " 00 ";
  private static final String METRIC = "00000400 [0-9a-f]{8} 00000000 ";

  private NetworkNamespace namespace;

  @BeforeEach
  void makeTwoDevices() {
    namespace = new NetworkNamespace();
    namespace.ip(
        "link add left type veth peer name long-name-right",
        "link set left addrgenmode none",
        "link set long-name-right addrgenmode none",
        "addr add fd00::1/64 dev left nodad",
        "addr add fd01::1/64 dev long-name-right nodad",
        "link set left up",
        "link set long-name-right up");
    namespace.awaitRoutesTo("fd00::1", "fd01::1");
  }

  @AfterEach
  void close() {
    namespace.close();
  }

  private List<String> rows() throws IOException {
    try (Example example = Example.load("ipv6_route")) {
      return example.sameAsProc(namespace, "ipv6_route").lines().toList();
    }
  }

  /** A row with nothing but numbers that the kernel chooses left open. */
  private static String row(String to, int length, String via, String flags, String device) {
    return "%s %02x %s%s %s%s +%s".formatted(to, length, NO_SOURCE, via, METRIC, flags, device);
  }

  private static String address(String prefix, String end) {
    return prefix + "0".repeat(32 - prefix.length() - end.length()) + end;
  }

  @Test
  void anAddressIsARouteOfItsOwn() throws IOException {
    assertThat(rows())
        .anyMatch(r -> r.startsWith(address("fd00", "1") + " 80 ") && r.endsWith("    left"))
        .anyMatch(r -> r.startsWith(address("fd01", "1") + " 80 ") && r.endsWith("long-name-right"))
        .anyMatch(r -> r.startsWith(address("", "1") + " 80 ") && r.endsWith("      lo"));
  }

  @Test
  void aGatewayIsShownWithItsFlag() throws IOException {
    namespace.ip("route add default via fd00::fe dev left");
    assertThat(rows())
        .anyMatch(r -> r.matches(row(NONE, 0, address("fd00", "fe"), "00000003", "left")));
  }

  @Test
  void routesThatRefuseAreShown() throws IOException {
    namespace.ip(
        "route add unreachable fd10::/32",
        "route add blackhole fd11::/33",
        "route add prohibit fd12::/34");
    assertThat(rows())
        .anyMatch(r -> r.matches(row(address("fd10", ""), 32, NONE, "00200200", "lo")))
        .anyMatch(r -> r.matches(row(address("fd11", ""), 33, NONE, "00200200", "lo")))
        .anyMatch(r -> r.matches(row(address("fd12", ""), 34, NONE, "00200200", "lo")));
  }

  @Test
  void eachPathOfARouteIsARow() throws IOException {
    namespace.ip(
        "route add fd20::/64"
            + " nexthop via fd00::2 dev left weight 1 nexthop via fd01::3 dev long-name-right");
    assertThat(rows())
        .filteredOn(r -> r.startsWith("fd20"))
        .hasSize(2)
        .anyMatch(r -> r.contains(" " + address("fd00", "2") + " ") && r.endsWith("    left"))
        .anyMatch(
            r -> r.contains(" " + address("fd01", "3") + " ") && r.endsWith("long-name-right"));
  }

  @Test
  void aNextHopObjectIsFollowed() throws IOException {
    namespace.ip("nexthop add id 1 via fd00::4 dev left", "route add fd30::/64 nhid 1");
    assertThat(rows())
        .anyMatch(
            r -> r.matches(row(address("fd30", ""), 64, address("fd00", "4"), "00000003", "left")));
  }

  @Test
  void ofAGroupOfNextHopsTheFirstIsShown() throws IOException {
    namespace.ip(
        "nexthop add id 1 via fd00::5 dev left",
        "nexthop add id 2 via fd01::6 dev long-name-right",
        "nexthop add id 3 group 2/1",
        "route add fd31::/64 nhid 3");
    assertThat(rows())
        .filteredOn(r -> r.startsWith("fd31"))
        .singleElement()
        .matches(
            r -> r.contains(" " + address("fd01", "6") + " ") && r.endsWith("long-name-right"));
  }

  @Test
  void aSourceIsShownWhereTheKernelRoutesByIt() throws IOException {
    String config = "zgrep -hx CONFIG_IPV6_SUBTREES=y /proc/config.gz /boot/config-$(uname -r)";
    assumeFalse(Exec.sh(config).run().out().isEmpty(), "a kernel with CONFIG_IPV6_SUBTREES");
    namespace.ip("route add fd33::/64 from fd34::/48 dev left");
    assertThat(rows())
        .anyMatch(r -> r.startsWith(address("fd33", "") + " 40 " + address("fd34", "") + " 30 "));
  }

  @Test
  void aNextHopThatDropsHasNoGateway() throws IOException {
    namespace.run("ip", "-6", "nexthop", "add", "id", "1", "blackhole");
    namespace.ip("route add fd32::/64 nhid 1");
    assertThat(rows())
        .filteredOn(r -> r.startsWith("fd32"))
        .hasSize(1)
        .allMatch(r -> r.startsWith(address("fd32", "") + " 40 " + NO_SOURCE + NONE + " "));
  }

  @Test
  void manyRoutesAreAllThereOnce() throws IOException {
    List<String> routes = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      routes.add(
          "route add fd40:%x::/64 via fd00::%x dev left metric %d".formatted(i, i + 2, i + 1));
    }
    namespace.ip(routes.toArray(String[]::new));
    assertThat(rows()).filteredOn(r -> r.startsWith("fd40")).hasSize(600).doesNotHaveDuplicates();
  }

  @Test
  void theTableIsThatOfWhoOpens() throws IOException {
    namespace.ip("route add fd50:dead:beef::/64 dev left");
    try (Example example = Example.load("ipv6_route")) {
      assertThat(example.text(namespace)).contains("fd50deadbeef");
      assertThat(example.text()).doesNotContain("fd50deadbeef");
    }
  }
}
