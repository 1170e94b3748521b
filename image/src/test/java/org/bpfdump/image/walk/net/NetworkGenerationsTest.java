// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.image.TestImages;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.walk.Namespace;
import org.bpfdump.image.walk.SyntheticKernel;
import org.bpfdump.image.walk.Walks;
import org.bpfdump.testkit.KernelBtf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tables as kernels of several years have them, laid out by their types: two network namespaces,
 * owners, sockets of every kind, tables that move.
 */
class NetworkGenerationsTest {
  private static final int ODD = 1;

  static Stream<Btf> kernels() {
    return Stream.of(
        Btf.parse(KernelBtf.bytes("5.10")),
        TestImages.shared("6.1").btf(),
        TestImages.shared("7.2").btf(),
        Btf.parse(KernelBtf.bytes("7.3")));
  }

  private static final class Machine {
    final SyntheticKernel kernel;
    final long first;
    final long second;

    Machine(Btf btf) {
      kernel = new SyntheticKernel(btf);
      first = kernel.root(Root.INIT_NET);
      second = kernel.make("net");
      kernel.set("net", "ns.inum", first, 4026531840L);
      kernel.set("net", "ns.inum", second, 4026532000L);
      kernel.list(
          kernel.root(Root.NET_NAMESPACE_LIST),
          List.of(kernel.at("net", "list", first), kernel.at("net", "list", second)));
    }

    long sock(String struct, long net, int state, long owner) {
      long sock = kernel.make(struct);
      kernel.set("sock_common", "skc_net.net", sock, net);
      kernel.set("sock_common", "skc_state", sock, state);
      if (!struct.equals("inet_timewait_sock") && !struct.equals("request_sock")) {
        long both = kernel.make("socket_alloc");
        kernel.set("sock", "sk_socket", sock, kernel.at("socket_alloc", "socket", both));
        kernel.put(
            kernel.at("socket_alloc", "vfs_inode", both)
                + kernel.types().field("inode", "i_uid.val").offset(),
            4,
            owner);
        kernel.set("sock", "sk_uid.val", sock, owner);
      }
      return sock;
    }

    long node(long sock) {
      return kernel.at("sock_common", "skc_node", sock);
    }

    boolean has(String struct, String member) {
      return kernel.types().find(struct, member).isPresent();
    }

    /** What a pass shows. */
    List<List<Long>> rows(String target, long net, int arguments) {
      Walks walks = new Walks(kernel);
      List<List<Long>> rows =
          walks.rows(
              walks.openIn(target, net),
              row -> {
                List<Long> shown = new ArrayList<>();
                for (int i = 0; i < arguments; i++) {
                  shown.add(row[i]);
                }
                return shown;
              });
      assertThat(walks.notes()).isEmpty();
      return rows;
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void everyNamespaceIsFound(Btf btf) {
    Machine machine = new Machine(btf);
    assertThat(NetworkNamespaces.in(machine.kernel))
        .containsExactly(
            new Namespace(machine.first, 4026531840L), new Namespace(machine.second, 4026532000L));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void tcpShowsListenersThenTheOthersOfItsNamespaceWithTheirOwners(Btf btf) {
    Machine machine = new Machine(btf);
    SyntheticKernel kernel = machine.kernel;
    long tables = kernel.make("inet_hashinfo");
    kernel.set("net", "ipv4.tcp_death_row.hashinfo", machine.first, tables);
    kernel.set("net", "ipv4.tcp_death_row.hashinfo", machine.second, tables);
    long listener = machine.sock("tcp_sock", machine.first, 10, 1000);
    long elsewhere = machine.sock("tcp_sock", machine.second, 10, 1001);
    long bucket = kernel.bytes(4 * kernel.types().size("inet_listen_hashbucket"));
    if (machine.has("inet_hashinfo", "listening_hash")) {
      bucket = kernel.at("inet_hashinfo", "listening_hash", tables);
    } else {
      kernel.set("inet_hashinfo", "lhash2", tables, bucket);
      kernel.set("inet_hashinfo", "lhash2_mask", tables, 3);
    }
    bucket += kernel.types().size("inet_listen_hashbucket");
    kernel.chain(
        kernel.at("inet_listen_hashbucket", "nulls_head", bucket),
        ODD,
        List.of(machine.node(elsewhere), machine.node(listener)));
    long connected = machine.sock("tcp_sock", machine.first, 1, 1002);
    long nobody = machine.sock("tcp_sock", machine.first, 1, 0xFFFF_FFFFL);
    long waiting = machine.sock("inet_timewait_sock", machine.first, 6, 0);
    long request = machine.sock("request_sock", machine.first, 12, 0);
    kernel.set("sock_common", "skc_listener", request, listener);
    long others = kernel.bytes(8 * kernel.types().size("inet_ehash_bucket"));
    kernel.set("inet_hashinfo", "ehash", tables, others);
    kernel.set("inet_hashinfo", "ehash_mask", tables, 7);
    kernel.chain(others + 8, ODD, List.of(machine.node(connected), machine.node(waiting)));
    kernel.chain(others + 7 * 8, 2 * 7 + ODD, List.of(machine.node(request), machine.node(nobody)));
    assertThat(machine.rows("tcp", machine.first, 2))
        .containsExactly(
            List.of(listener, 1000L),
            List.of(connected, 1002L),
            List.of(waiting, 0L),
            List.of(request, 1000L),
            List.of(nobody, 65534L));
    assertThat(machine.rows("tcp", machine.second, 2)).containsExactly(List.of(elsewhere, 1001L));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void socketsThatNoProcessHasBelongToRootWhereTheKernelAsksTheInode(Btf btf) {
    Machine machine = new Machine(btf);
    SyntheticKernel kernel = machine.kernel;
    long orphan = machine.sock("unix_sock", machine.first, 1, 1000);
    kernel.set("sock", "sk_socket", orphan, 0);
    long buckets = buckets(machine);
    kernel.chain(buckets, 0, List.of(machine.node(orphan)));
    boolean byInode = btf.findId("sock_i_uid", BtfType.Func.class) != 0;
    assertThat(machine.rows("unix", machine.first, 2))
        .containsExactly(List.of(orphan, byInode ? 0L : 1000L));
  }

  private static long buckets(Machine machine) {
    SyntheticKernel kernel = machine.kernel;
    if (!machine.has("net", "unx.table.buckets")) {
      return kernel.root(Root.UNIX_SOCKET_TABLE);
    }
    long buckets = kernel.bytes(512 * 8);
    kernel.set("net", "unx.table.buckets", machine.first, buckets);
    kernel.set("net", "unx.table.buckets", machine.second, kernel.bytes(512 * 8));
    return buckets;
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void unixShowsOneNamespaceInTheOrderOfItsBuckets(Btf btf) {
    Machine machine = new Machine(btf);
    SyntheticKernel kernel = machine.kernel;
    long buckets = buckets(machine);
    long named = machine.sock("unix_sock", machine.first, 1, 5);
    long younger = machine.sock("unix_sock", machine.first, 1, 6);
    long unnamed = machine.sock("unix_sock", machine.first, 1, 7);
    long unhashed = machine.sock("unix_sock", machine.first, 1, 8);
    kernel.chain(buckets + 511 * 8, 0, List.of(machine.node(unnamed), machine.node(unhashed)));
    kernel.put(machine.node(unhashed) + 8, 0);
    kernel.chain(buckets, 0, List.of(machine.node(younger), machine.node(named)));
    assertThat(machine.rows("unix", machine.first, 2))
        .containsExactly(List.of(younger, 6L), List.of(named, 5L), List.of(unnamed, 7L));
    assertThat(machine.rows("unix", machine.second, 2)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void udpShowsTheTableThatTheKernelGoesOver(Btf btf) {
    Machine machine = new Machine(btf);
    SyntheticKernel kernel = machine.kernel;
    long table = kernel.root(Root.UDP_TABLE);
    if (machine.has("net", "ipv4.udp_table")) {
      kernel.set("net", "ipv4.udp_table", machine.first, table);
      kernel.set("net", "ipv4.udp_table", machine.second, table);
    }
    kernel.set("udp_table", "mask", table, 15);
    long sock = machine.sock("udp_sock", machine.first, 7, 42);
    long elsewhere = machine.sock("udp_sock", machine.second, 7, 43);
    boolean byAddress = kernel.types().has("bpf_udp_iter_state");
    String bucket =
        byAddress && kernel.types().has("udp_hslot_main") ? "udp_hslot_main" : "udp_hslot";
    long byPort = kernel.bytes(16 * kernel.types().size("udp_hslot"));
    kernel.set("udp_table", "hash", table, byPort);
    long second = kernel.bytes(16 * kernel.types().size(bucket));
    kernel.set("udp_table", "hash2", table, second);
    // By port they are in bucket 3, by address and port in bucket 9.
    kernel.chain(
        byPort + 3L * kernel.types().size("udp_hslot"),
        0,
        List.of(machine.node(elsewhere), machine.node(sock)));
    kernel.chain(
        second + 9L * kernel.types().size(bucket),
        0,
        List.of(
            kernel.at("sock_common", "skc_portaddr_node", elsewhere),
            kernel.at("sock_common", "skc_portaddr_node", sock)));
    long shown = byAddress ? 9L : 3L;
    assertThat(machine.rows("udp", machine.first, 3)).containsExactly(List.of(sock, 42L, shown));
    assertThat(machine.rows("udp", machine.second, 3))
        .containsExactly(List.of(elsewhere, 43L, shown));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void netlinkGoesOverNestedTablesAndTheOneThatATableIsMovedTo(Btf btf) {
    Machine machine = new Machine(btf);
    SyntheticKernel kernel = machine.kernel;
    int size = kernel.types().size("netlink_table");
    long tables = kernel.bytes(32 * size);
    kernel.put(kernel.root(Root.NL_TABLE), tables);
    long hash = kernel.at("netlink_table", "hash", tables + 4L * size);
    long plain = kernel.bytes(kernel.types().size("bucket_table") + 8 * 8);
    long nested = kernel.bytes(kernel.types().size("bucket_table") + 8);
    kernel.set("rhashtable", "tbl", hash, plain);
    kernel.set("bucket_table", "size", plain, 8);
    kernel.set("bucket_table", "future_tbl", plain, nested);
    // 2,048 buckets, of which the lower 3 bits of a number choose a page and the rest a place
    // there.
    kernel.set("bucket_table", "size", nested, 2048);
    kernel.set("bucket_table", "nest", nested, 3);
    long page = kernel.bytes(4096);
    long level = kernel.bytes(8 * 8);
    kernel.put(kernel.at("bucket_table", "buckets", nested), level);
    kernel.put(level + 5 * 8, page);
    long one = netlink(machine, machine.first);
    long two = netlink(machine, machine.first);
    long other = netlink(machine, machine.second);
    long three = netlink(machine, machine.first);
    long bucket = kernel.at("bucket_table", "buckets", plain) + 6 * 8;
    kernel.put(bucket, link(machine, one) | 1);
    kernel.put(link(machine, one), link(machine, other));
    kernel.put(link(machine, other), link(machine, two));
    kernel.put(link(machine, two), bucket | 1);
    kernel.put(page + 17 * 8, link(machine, three));
    kernel.put(link(machine, three), page + 17 * 8 | 1);
    assertThat(machine.rows("netlink", machine.first, 1))
        .containsExactly(List.of(one), List.of(two), List.of(three));
    assertThat(machine.rows("netlink", machine.second, 1)).containsExactly(List.of(other));
  }

  private static long netlink(Machine machine, long net) {
    return machine.sock("netlink_sock", net, 0, 0);
  }

  private static long link(Machine machine, long sock) {
    return machine.kernel.at("netlink_sock", "node", sock);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void routesComeSourcesFirstThenLeftRightAndTheNodeWithAllItsRoutes(Btf btf) {
    Machine machine = new Machine(btf);
    SyntheticKernel kernel = machine.kernel;
    long tables = kernel.bytes(256 * 8);
    kernel.set("net", "ipv6.fib_table_hash", machine.first, tables);
    kernel.set("net", "ipv6.fib_table_hash", machine.second, kernel.bytes(256 * 8));
    long late = table(machine, tables + 255 * 8);
    long early = table(machine, tables + 254 * 8);
    long[] routes = new long[7];
    for (int i = 0; i < routes.length; i++) {
      routes[i] = kernel.make("fib6_info");
    }
    kernel.set("fib6_info", "fib6_next", routes[2], routes[3]);
    node(machine, early, 0, "", routes[5], true);
    long left = node(machine, kernel.make("fib6_node"), early, "left", routes[1], true);
    node(machine, kernel.make("fib6_node"), left, "subtree", routes[0], true);
    long right = node(machine, kernel.make("fib6_node"), early, "right", routes[6], false);
    node(machine, kernel.make("fib6_node"), right, "right", routes[2], true);
    node(machine, late, 0, "", routes[4], true);
    assertThat(machine.rows("ipv6_route", machine.first, 1))
        .containsExactly(
            List.of(routes[0]),
            List.of(routes[1]),
            List.of(routes[2]),
            List.of(routes[3]),
            List.of(routes[5]),
            List.of(routes[4]));
    assertThat(machine.rows("ipv6_route", machine.second, 1)).isEmpty();
  }

  private static long table(Machine machine, long bucket) {
    long table = machine.kernel.make("fib6_table");
    machine.kernel.chain(bucket, 0, List.of(machine.kernel.at("fib6_table", "tb6_hlist", table)));
    return machine.kernel.at("fib6_table", "tb6_root", table);
  }

  private static long node(
      Machine machine, long node, long parent, String side, long route, boolean hasRoutes) {
    machine.kernel.set("fib6_node", "leaf", node, route);
    machine.kernel.set("fib6_node", "fn_flags", node, (hasRoutes ? 4 : 0) | (parent == 0 ? 3 : 0));
    if (parent != 0) {
      machine.kernel.set("fib6_node", "parent", node, parent);
      machine.kernel.set("fib6_node", side, parent, node);
    }
    return node;
  }

  @Test
  void aTreeOfRoutesThatLoopsEndsWithANote() {
    Machine machine = new Machine(TestImages.shared("7.2").btf());
    SyntheticKernel kernel = machine.kernel;
    long tables = kernel.bytes(256 * 8);
    kernel.set("net", "ipv6.fib_table_hash", machine.first, tables);
    long root = table(machine, tables);
    node(machine, root, 0, "", kernel.make("fib6_info"), true);
    long left = node(machine, kernel.make("fib6_node"), root, "left", 0, false);
    kernel.set("fib6_node", "left", left, root);
    kernel.set("fib6_node", "right", root, left);
    Walks walks = new Walks(kernel);
    assertThat(walks.rows(walks.openIn("ipv6_route", machine.first), row -> row[0])).hasSize(1);
    assertThat(walks.notes())
        .anyMatch(note -> note.contains("loops"))
        .anyMatch(note -> note.contains("one child twice"));
  }
}
