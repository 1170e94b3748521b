// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bpfdump.testkit.NativeSocket.AF_INET;
import static org.bpfdump.testkit.NativeSocket.AF_INET6;
import static org.bpfdump.testkit.NativeSocket.SOCK_DGRAM;
import static org.bpfdump.testkit.NativeSocket.SOCK_STREAM;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bpfdump.error.QueryException;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One column has the addresses of both families, as ss writes them. */
@RequiresKernel
class SocketAddressesTest {
  private final List<NativeSocket> held = new ArrayList<>();
  private NetworkNamespace namespace;
  private LiveKernel kernel;

  @BeforeEach
  void open() throws InterruptedException {
    kernel = LiveKernel.open();
    namespace = new NetworkNamespace();
    namespace.ip("addr add fd00:77::1:0:5/64 dev lo nodad");
    namespace.awaitRoutesTo("fd00:77::1:0:5");
    socket(AF_INET, SOCK_DGRAM).bind("127.0.0.2", 1053);
    socket(AF_INET, SOCK_DGRAM).bind("0.0.0.0", 1054).connect("127.0.0.2", 1053);
    socket(AF_INET6, SOCK_DGRAM).bind("::", 1055);
    socket(AF_INET6, SOCK_DGRAM).bind("fd00:77::1:0:5", 1056).connect("::1", 1057);
    NativeSocket four = socket(AF_INET, SOCK_STREAM).bind("127.0.0.3", 7001).listen(4);
    NativeSocket six = socket(AF_INET6, SOCK_STREAM).bind("::", 7002).listen(4);
    socket(AF_INET, SOCK_STREAM).bind("127.0.0.4", 7003).connect("127.0.0.3", 7001);
    socket(AF_INET6, SOCK_STREAM).bind("::1", 7004).connect("fd00:77::1:0:5", 7002);
    // The other end of this is a socket of IPv6 that holds an address of IPv4.
    socket(AF_INET, SOCK_STREAM).bind("127.0.0.5", 7005).connect("127.0.0.6", 7002);
    held.add(four.accept());
    held.add(six.accept());
    held.add(six.accept());
  }

  @AfterEach
  void close() {
    held.forEach(NativeSocket::close);
    namespace.close();
    kernel.close();
  }

  private NativeSocket socket(int family, int type) {
    NativeSocket socket = namespace.socket(family, type, 0);
    held.add(socket);
    return socket;
  }

  /** Ends of each socket as ss writes them: no brackets, numbers in place of stars. */
  private List<String> ss(String kind) {
    String out =
        Exec.sh("nsenter --net=" + namespace.path() + " ss -Hna --" + kind).run().ok().out();
    List<String> ends = new ArrayList<>();
    for (String line : out.lines().toList()) {
      String[] words = line.strip().split(" +");
      ends.add(end(words[3]) + " " + end(words[4]));
    }
    return ends;
  }

  private static String end(String written) {
    int colon = written.lastIndexOf(':');
    String host = written.substring(0, colon).replaceAll("[\\[\\]]", "");
    String port = written.substring(colon + 1);
    return (host.equals("*") ? "::" : host) + " " + (port.equals("*") ? "0" : port);
  }

  @Test
  void theUsualColumnsSayWhatSsSays() {
    for (String target : List.of("udp", "tcp")) {
      List<String> found = new ArrayList<>();
      for (Map<String, String> row : Shown.usual(kernel, target, namespace)) {
        found.add(
            String.join(
                " ", row.get("local"), row.get("port"), row.get("peer"), row.get("peer_port")));
      }
      assertThat(found).containsExactlyInAnyOrderElementsOf(ss(target));
      if (target.equals("tcp")) {
        assertThat(found)
            .hasSize(8)
            .contains("::ffff:127.0.0.6 7002 ::ffff:127.0.0.5 7005")
            .contains("127.0.0.5 7005 127.0.0.6 7002");
      }
    }
  }

  @Test
  void linesOfTextHaveThemToo() throws IOException {
    for (String target : List.of("udp", "tcp")) {
      Query query = Query.of(target, List.of());
      List<String> found = new ArrayList<>();
      try (LiveDumper dumper = query.loadText(TextFormat.TAB_SEPARATED, kernel, kernel::load);
          Dump dump = namespace.inside(dumper::open);
          InputStream in = dump.stream()) {
        List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        List<String> names = List.of(lines.getFirst().split("\t"));
        for (String line : lines.subList(1, lines.size())) {
          String[] cells = line.split("\t", -1);
          found.add(
              String.join(
                  " ",
                  shortened(cells[names.indexOf("local")]),
                  cells[names.indexOf("port")],
                  shortened(cells[names.indexOf("peer")]),
                  cells[names.indexOf("peer_port")]));
        }
      }
      List<String> expected = new ArrayList<>();
      for (String line : ss(target)) {
        String[] words = line.split(" ");
        expected.add(
            String.join(" ", shortened(words[0]), words[1], shortened(words[2]), words[3]));
      }
      assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  /** Java's form of it, which has one for every address. */
  private static String shortened(String address) throws UnknownHostException {
    boolean six = address.indexOf(':') >= 0;
    return (six ? "6 " : "4 ") + InetAddress.getByName(address).getHostAddress();
  }

  @Test
  void rowsHaveTheBytes() throws UnknownHostException {
    String local = "local = ip(*(skc_family == 2 ? &skc_rcv_saddr : NULL), skc_v6_rcv_saddr)";
    Map<Long, InetAddress> ends = new HashMap<>();
    try (LoadedQuery query =
            Query.of("tcp", List.of("port = skc_num", local)).where("skc_num > 7003").load(kernel);
        RowDump dump = namespace.inside(query::open)) {
      while (dump.next()) {
        Row row = dump.row();
        byte[] bytes = new byte[row.bytes(1).remaining()];
        row.bytes(1).get(bytes);
        ends.put(row.number(0), InetAddress.getByAddress(bytes));
      }
    }
    assertThat(ends)
        .isEqualTo(
            Map.of(7004L, InetAddress.ofLiteral("::1"), 7005L, InetAddress.ofLiteral("127.0.0.5")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ip(skc_v6_daddr, skc_daddr)           | takes the IPv4 address first
          ip(skc_daddr, skc_rcv_saddr)          | takes the IPv6 address second
          ip(skc_daddr, skc_v6_daddr) + 1       | not a number
          ip(skc_daddr, skc_v6_daddr) == "::1"  | compare ip() of the one that is meant
          ip(skc_daddr, skc_v6_daddr).s6_addr   | has no members
          sizeof(ip(skc_daddr, skc_v6_daddr))   | only when the program runs
          """)
  void whatIsNoPairOfThemIsRefused(String column, String message) {
    assertThatThrownBy(() -> Query.of("tcp", List.of(column)).load(kernel).close())
        .isInstanceOf(QueryException.class)
        .hasMessageContaining(message);
  }
}
