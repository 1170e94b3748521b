// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bpfdump.testkit.NativeSocket.AF_INET;
import static org.bpfdump.testkit.NativeSocket.AF_INET6;
import static org.bpfdump.testkit.NativeSocket.AF_NETLINK;
import static org.bpfdump.testkit.NativeSocket.SOCK_DGRAM;
import static org.bpfdump.testkit.NativeSocket.SOCK_RAW;

import java.io.IOException;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.testkit.Bpffs;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.NativeSocket;
import org.bpfdump.testkit.NetworkNamespace;
import org.bpfdump.testkit.Project;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The usual columns of sockets and routes of a namespace say what its /proc says. */
@RequiresKernel
class SocketTablesTest {
  private static final int AF_UNIX = 1;

  /** A flag that /proc adds where there is a gateway. */
  private static final long RTF_GATEWAY = 2;

  @TempDir private Path directory;
  private final List<AutoCloseable> held = new ArrayList<>();
  private NetworkNamespace namespace;
  private LiveKernel kernel;

  /** The first socket that the JVM closes leaves it one that it keeps for closing others. */
  @BeforeAll
  static void closeOne() throws IOException {
    SocketChannel.open(StandardProtocolFamily.UNIX).close();
  }

  @BeforeEach
  void open() {
    kernel = LiveKernel.open();
    namespace = new NetworkNamespace();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable socket : held) {
      socket.close();
    }
    namespace.close();
    kernel.close();
  }

  private NativeSocket socket(int family, int type, int protocol) {
    NativeSocket socket = namespace.socket(family, type, protocol);
    held.add(socket);
    return socket;
  }

  /** The rows of a table of the namespace after its heading, split at blanks. */
  private List<String[]> proc(String file) throws IOException {
    return namespace.proc(file).lines().skip(1).map(l -> l.strip().split(" +")).toList();
  }

  @Test
  void udpSocketsAreAsInProc() throws IOException {
    socket(AF_INET, SOCK_DGRAM, 0).bind("127.0.0.2", 1053).owner(1234);
    socket(AF_INET, SOCK_DGRAM, 0).bind("0.0.0.0", 1054);
    socket(AF_INET, SOCK_DGRAM, 0).bind("127.0.0.3", 1055).connect("127.0.0.2", 1053).send(100);
    socket(AF_INET6, SOCK_DGRAM, 0).bind("::1", 1053);
    socket(AF_INET6, SOCK_DGRAM, 0).bind("::", 65535);
    List<String> expected = new ArrayList<>();
    for (String table : List.of("udp", "udp6")) {
      for (String[] row : proc(table)) {
        int queues = row[4].indexOf(':');
        expected.add(
            String.join(
                " ",
                row[9],
                Integer.toString(Integer.parseInt(row[1].substring(row[1].indexOf(':') + 1), 16)),
                Integer.toString(Integer.parseInt(row[2].substring(row[2].indexOf(':') + 1), 16)),
                Long.toString(Long.parseLong(row[4].substring(queues + 1), 16)),
                row[7],
                row[12],
                table.equals("udp") ? address4(row[1]) : ""));
      }
    }
    List<String> found = new ArrayList<>();
    for (Map<String, String> row : Shown.usual(kernel, "udp", namespace)) {
      found.add(
          String.join(
              " ",
              row.get("inode"),
              row.get("port"),
              row.get("peer_port"),
              row.get("recv_q"),
              row.get("user").equals("root") ? "0" : row.get("user"),
              row.get("drops"),
              row.get("local").contains(":") ? "" : row.get("local")));
    }
    assertThat(expected).hasSize(5);
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
  }

  /** {@code 0200007F:...} is 127.0.0.2. */
  private static String address4(String text) throws IOException {
    byte[] bytes = HexFormat.of().parseHex(text.substring(0, 8));
    int number = Integer.reverseBytes(ByteBuffer.wrap(bytes).getInt());
    return InetAddress.getByAddress(ByteBuffer.allocate(4).putInt(number).array()).getHostAddress();
  }

  @Test
  void unixSocketsAreAsInProc() throws IOException {
    Path path = directory.resolve("listener");
    ServerSocketChannel listener =
        namespace.inside(() -> ServerSocketChannel.open(StandardProtocolFamily.UNIX));
    held.add(listener);
    listener.bind(UnixDomainSocketAddress.of(path));
    SocketChannel client = namespace.inside(() -> SocketChannel.open(StandardProtocolFamily.UNIX));
    held.add(client);
    client.connect(UnixDomainSocketAddress.of(path));
    held.add(listener.accept());
    socket(AF_UNIX, SOCK_DGRAM, 0);
    for (int length : new int[] {1, 7, 8, 60, 107}) {
      // Nothing ends such a name but its length.
      byte[] name = "n".repeat(length).getBytes(StandardCharsets.US_ASCII);
      socket(AF_UNIX, SOCK_DGRAM, 0)
          .bind(
              ByteBuffer.allocate(3 + length)
                  .order(ByteOrder.nativeOrder())
                  .putShort((short) AF_UNIX)
                  .put((byte) 0)
                  .put(name)
                  .array());
    }
    List<String> expected = new ArrayList<>();
    for (String[] row : proc("unix")) {
      String type = Integer.parseInt(row[4]) == 1 ? "SOCK_STREAM" : "SOCK_DGRAM";
      expected.add(row[6] + " " + type + " " + (row.length > 7 ? row[7] : ""));
    }
    List<String> found = new ArrayList<>();
    for (Map<String, String> row : Shown.usual(kernel, "unix", namespace)) {
      found.add(row.get("inode") + " " + row.get("type") + " " + row.get("path"));
    }
    assertThat(expected)
        .hasSize(9)
        .anyMatch(s -> s.endsWith(path.toString()))
        .anyMatch(s -> s.endsWith(" @" + "n".repeat(107)));
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void netlinkSocketsAreAsInProc() throws IOException {
    socket(AF_NETLINK, SOCK_RAW, 0).bindGroups(0x451);
    socket(AF_NETLINK, SOCK_RAW, 15).bindGroups(1);
    List<String> expected = new ArrayList<>();
    for (String[] row : proc("netlink")) {
      expected.add(
          String.join(" ", row[1], row[2], row[3], row[4], row[5], row[7], row[8], row[9]));
    }
    List<String> found = new ArrayList<>();
    for (Map<String, String> row : Shown.usual(kernel, "netlink", namespace)) {
      String inode = row.get("inode");
      found.add(
          String.join(
              " ",
              row.get("protocol"),
              row.get("portid"),
              "%08x".formatted(row.get("groups").isEmpty() ? 0 : Long.decode(row.get("groups"))),
              row.get("rmem"),
              row.get("wmem"),
              row.get("refs"),
              row.get("drops"),
              inode.isEmpty() ? "0" : inode));
    }
    assertThat(expected).hasSizeGreaterThan(2);
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void routesAreAsInProc() throws IOException {
    namespace.ip(
        "link add nowhere type veth peer name there",
        "link set nowhere addrgenmode none",
        "link set there addrgenmode none",
        "link set nowhere up",
        "link set there up",
        "addr add fd00:1::1/64 dev nowhere nodad",
        "route add fd00:2::/64 via fd00:1::2",
        "route add unreachable fd00:3::/48",
        "route add default via fd00:1::3 metric 77",
        "route add fd00:5::/72 dev nowhere metric 4294967295 table 1000");
    namespace.awaitRoutesTo("fd00:1::1");
    String[] many = new String[1_000]; // more than one buffer of the kernel
    for (int i = 0; i < many.length; i++) {
      many[i] = "route add fd00:6:%x::/64 dev nowhere".formatted(i);
    }
    namespace.ip(many);
    List<String> expected = new ArrayList<>();
    for (String line : namespace.proc("ipv6_route").lines().toList()) {
      String[] row = line.strip().split(" +");
      expected.add(
          "%s/%d via %s dev %s metric %d flags %x"
              .formatted(
                  row[0],
                  Integer.parseInt(row[1], 16),
                  row[4].matches("0+") ? "" : row[4],
                  row[9],
                  Long.parseLong(row[5], 16),
                  Long.parseLong(row[8], 16) & ~RTF_GATEWAY));
    }
    List<String> found = new ArrayList<>();
    for (Map<String, String> row : Shown.usual(kernel, "ipv6_route", namespace)) {
      found.add(
          "%s/%s via %s dev %s metric %s flags %x"
              .formatted(
                  address6(row.get("dst")),
                  row.get("plen"),
                  row.get("via").isEmpty() ? "" : address6(row.get("via")),
                  row.get("dev"),
                  row.get("metric"),
                  Long.decode(row.get("flags"))));
    }
    assertThat(expected).hasSizeGreaterThan(many.length + 8);
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static String address6(String text) throws IOException {
    byte[] address = InetAddress.getByName(text).getAddress();
    return HexFormat.of().formatHex(address);
  }

  @Test
  void socketsWithAValueInAMapAreShownWithIt() throws IOException {
    NativeSocket one = socket(AF_INET, NativeSocket.SOCK_STREAM, 0).bind("127.0.0.1", 7001);
    NativeSocket other = socket(AF_INET6, NativeSocket.SOCK_STREAM, 0).bind("::1", 7002);
    one.listen(1);
    other.listen(1);
    Path pin = Bpffs.ROOT.resolve("marks");
    Path object = Project.root().resolve("testkit/src/main/resources/kernels/mark_sockets.bpf.o");
    try (Bpffs _ = Bpffs.open()) {
      try {
        var mark = ObjectFile.read(object).program("mark");
        try (var dumper = kernel.load(mark);
            var dump = namespace.inside(dumper::open)) {
          assertThat(dump.lines()).isEmpty();
        }
        List<String> found = new ArrayList<>();
        Query query = Query.of("bpf_sk_storage_map", List.of());
        List<Map<String, String>> rows = Shown.rows(kernel, query, new Parameter.MapPath(pin));
        assertThat(Shown.text(kernel, query, new Parameter.MapPath(pin))).isEqualTo(rows);
        for (Map<String, String> row : rows) {
          assertThat(row.get("name")).isEqualTo("marks");
          assertThat(row.get("type")).endsWith("STREAM");
          found.add(row.get("inode") + " " + row.get("port") + " " + row.get("value"));
        }
        assertThat(found)
            .containsExactlyInAnyOrder(one.inode() + " 7001 7001", other.inode() + " 7002 7002");
      } finally {
        Files.deleteIfExists(pin);
      }
    }
  }

  @Test
  void placesOfASocketMapAreShownWithTheirSockets() throws IOException, InterruptedException {
    NativeSocket listener =
        socket(AF_INET, NativeSocket.SOCK_STREAM, 0).bind("127.0.0.1", 7003).listen(1);
    Path pin = Bpffs.ROOT.resolve("query_sockets");
    try (Bpffs _ = Bpffs.open()) {
      Exec.sh("bpftool map create " + pin + " type sockmap key 4 value 4 entries 3 name socks")
          .run()
          .ok();
      // A socket has to be a descriptor of the program that puts it into the map.
      String script =
          "exec 3<>/dev/tcp/127.0.0.1/7003 && bpftool map update pinned "
              + pin
              + " key 1 0 0 0 value 3 0 0 0 && readlink /proc/$$/fd/3 && exec cat";
      Process client =
          new ProcessBuilder("nsenter", "--net=" + namespace.path(), "bash", "-c", script).start();
      try {
        String link = client.inputReader().readLine();
        String inode = link.substring("socket:[".length(), link.length() - 1);
        Query query = Query.of("sockmap", List.of());
        List<Map<String, String>> rows = Shown.rows(kernel, query, new Parameter.MapPath(pin));
        assertThat(Shown.text(kernel, query, new Parameter.MapPath(pin))).isEqualTo(rows);
        assertThat(rows).extracting(r -> r.get("key")).containsExactly("0", "1", "2");
        assertThat(rows).extracting(r -> r.get("inode")).containsExactly("", inode, "");
        assertThat(rows.get(1).get("peer_port")).isEqualTo("7003");
        assertThat(rows.get(1).get("name")).isEqualTo("socks");
      } finally {
        client.getOutputStream().close();
        client.destroyForcibly().waitFor();
        client.getInputStream().close();
        client.getErrorStream().close();
        Files.delete(pin);
        listener.close();
      }
    }
  }
}
