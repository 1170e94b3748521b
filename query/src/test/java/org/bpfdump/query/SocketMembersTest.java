// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bpfdump.testkit.NativeSocket.AF_INET;
import static org.bpfdump.testkit.NativeSocket.AF_INET6;
import static org.bpfdump.testkit.NativeSocket.SOCK_STREAM;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bpfdump.kernel.Dump;
import org.bpfdump.live.LiveDumper;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.NativeSocket;
import org.bpfdump.testkit.NetworkNamespace;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bitfields, casts between kinds of sockets, and pointers to functions, on sockets made here. */
@RequiresKernel
class SocketMembersTest {
  private static final int SOL_SOCKET = 1;
  private static final int SO_REUSEADDR = 2;
  private static final int SO_RCVBUF = 8;
  private static final int SO_REUSEPORT = 15;
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_NODELAY = 1;
  private static final int IPPROTO_IPV6 = 41;
  private static final int IPV6_V6ONLY = 26;

  private final List<NativeSocket> held = new ArrayList<>();
  private NetworkNamespace namespace;
  private LiveKernel kernel;

  @BeforeEach
  void open() {
    kernel = LiveKernel.open();
    namespace = new NetworkNamespace();
  }

  @AfterEach
  void close() {
    held.forEach(NativeSocket::close);
    namespace.close();
    kernel.close();
  }

  private NativeSocket socket(int family) {
    NativeSocket socket = namespace.socket(family, SOCK_STREAM, 0);
    held.add(socket);
    return socket;
  }

  private List<Map<String, String>> rows(String... columns) {
    return Shown.rows(kernel, Query.of("tcp", List.of(columns)), namespace);
  }

  @Test
  void bitfieldsSayWhatWasSet() {
    socket(AF_INET6)
        .option(SOL_SOCKET, SO_REUSEADDR, 1)
        .option(SOL_SOCKET, SO_REUSEPORT, 1)
        .option(IPPROTO_IPV6, IPV6_V6ONLY, 1)
        .option(IPPROTO_TCP, TCP_NODELAY, 1)
        .option(SOL_SOCKET, SO_RCVBUF, 20_000)
        .bind("::1", 7001)
        .listen(1);
    socket(AF_INET6).option(SOL_SOCKET, SO_REUSEPORT, 1).bind("::", 7002).listen(1);
    socket(AF_INET).bind("127.0.0.1", 7003).listen(1);
    String sock = "((struct tcp_sock *)sk_common).inet_conn.icsk_inet.sk.";
    String[] columns = {
      "port = skc_num",
      "reuse = skc_reuse + 0",
      "reuseport = skc_reuseport + 0",
      "only = skc_ipv6only + 0",
      "nodelay = ((struct tcp_sock *)sk_common).nonagle & 1",
      // SOCK_RCVBUF_LOCK, SOCK_BINDADDR_LOCK, SOCK_BINDPORT_LOCK
      "locks = " + sock + "sk_userlocks & 14",
      "minus = -skc_reuseport",
      "turned = ~skc_ipv6only"
    };

    List<String> found = new ArrayList<>();
    for (Map<String, String> row : rows(columns)) {
      found.add(String.join(" ", row.values()));
    }
    assertThat(found)
        .containsExactlyInAnyOrder(
            "7001 1 1 1 1 14 -1 -2", "7002 0 1 0 0 8 -1 -1", "7003 0 0 0 0 12 0 -1");
    assertThat(
            Shown.rows(
                kernel,
                Query.of("tcp", List.of("port = skc_num")).where("skc_reuseport && !skc_ipv6only"),
                namespace))
        .containsExactly(Map.of("port", "7002"));
  }

  @Test
  void aCastToAKindOfSocketIsNullForOtherKinds() throws InterruptedException {
    NativeSocket four = socket(AF_INET).bind("127.0.0.1", 7001).listen(4);
    NativeSocket six = socket(AF_INET6).bind("::1", 7002).listen(4);
    socket(AF_INET6).bind("::1", 7004).connect("::1", 7002);
    held.add(six.accept());
    NativeSocket ending = namespace.socket(AF_INET, SOCK_STREAM, 0);
    ending.bind("127.0.0.1", 7003).connect("127.0.0.1", 7001);
    NativeSocket other = four.accept();
    ending.close();
    other.close();

    List<String> found = new ArrayList<>();
    for (Map<String, String> row :
        rows(
            "ends = port(skc_dport)",
            "port = skc_num",
            "whole = (struct tcp_sock *)sk_common != NULL",
            "six = (struct tcp6_sock *)sk_common != NULL",
            "waits = (struct tcp_timewait_sock *)sk_common != NULL",
            "asks = (struct tcp_request_sock *)sk_common != NULL",
            "unix = (struct unix_sock *)sk_common != NULL",
            "state = ((struct tcp_timewait_sock *)sk_common).tw_sk.__tw_common.skc_state",
            "named = flags(1 << skc_state, TCPF_)",
            "window = ((struct tcp_sock *)sk_common).snd_cwnd > 0")) {
      found.add(String.join(" ", row.values()));
    }
    assertThat(found)
        .containsExactlyInAnyOrder(
            "0 7001 1 0 0 0 0  LISTEN 1",
            "0 7002 1 1 0 0 0  LISTEN 1",
            "7002 7004 1 1 0 0 0  ESTABLISHED 1",
            "7004 7002 1 1 0 0 0  ESTABLISHED 1",
            "7001 7003 0 0 1 0 0 6 TIME_WAIT ");
  }

  @Test
  void aCastGivesTheMembersThatSsShows() throws InterruptedException {
    NativeSocket four = socket(AF_INET).bind("127.0.0.1", 7001).listen(4);
    socket(AF_INET).bind("127.0.0.1", 7003).connect("127.0.0.1", 7001);
    held.add(four.accept());
    String ss =
        Exec.sh("nsenter --net=" + namespace.path() + " ss -Htni sport = :7003").run().ok().out();
    String tcp = "((struct tcp_sock *)sk_common).";

    List<Map<String, String>> rows =
        Shown.rows(
            kernel,
            Query.of(
                    "tcp",
                    List.of(
                        "cwnd = " + tcp + "snd_cwnd",
                        "mss = " + tcp + "mss_cache",
                        "advmss = " + tcp + "advmss"))
                .where("skc_num == 7003"),
            namespace);
    assertThat(rows).hasSize(1);
    rows.getFirst()
        .forEach(
            (name, value) -> assertThat(ss).containsPattern("\\b" + name + ":" + value + "\\b"));
  }

  @Test
  void pointersToFunctionsAreTheirNames() throws IOException {
    socket(AF_INET).bind("127.0.0.1", 7001).listen(1);
    String[] members = {
      "((struct tcp_sock *)sk_common).inet_conn.icsk_inet.sk.sk_data_ready",
      "((struct tcp_sock *)sk_common).inet_conn.icsk_inet.sk.sk_destruct",
      "skc_prot.close",
      "skc_prot.setsockopt"
    };
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < members.length; i++) {
      columns.add("name%d = %s".formatted(i, members[i]));
      columns.add("address%d = (u64)%s".formatted(i, members[i]));
    }
    Map<String, String> row = rows(columns.toArray(new String[0])).getFirst();
    Map<String, String> symbols = new HashMap<>();
    try (Stream<String> lines = Files.lines(Path.of("/proc/kallsyms"))) {
      lines
          .map(line -> line.split("[ \t]+"))
          .forEach(words -> symbols.merge(words[0], words[2], (a, b) -> a + " " + b));
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < members.length; i++) {
      String address = "%016x".formatted(Long.parseUnsignedLong(row.get("address" + i)));
      names.add(row.get("name" + i));
      assertThat(symbols.get(address).split(" ")).contains(row.get("name" + i));
    }
    assertThat(names).contains("tcp_close", "tcp_setsockopt");
    assertThat(text(Query.of("tcp", List.of(members)))).containsExactly(String.join("\t", names));
  }

  /** Lines of a query's text after its header. */
  private List<String> text(Query query) throws IOException {
    try (LiveDumper dumper = query.loadText(TextFormat.TAB_SEPARATED, kernel, kernel::load);
        Dump dump = namespace.inside(dumper::open);
        InputStream in = dump.stream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().skip(1).toList();
    }
  }
}
