// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.dumpers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bpfdump.testkit.NativeSocket.AF_INET;
import static org.bpfdump.testkit.NativeSocket.AF_INET6;
import static org.bpfdump.testkit.NativeSocket.SOCK_STREAM;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bpfdump.testkit.NativeSocket;
import org.bpfdump.testkit.NetworkNamespace;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * {@code tcp6} writes what {@code /proc/net/tcp6} has, for every kind of socket. The time that a
 * timer has left is between what that file says before and after.
 */
@RequiresKernel
class Tcp6Test {
  private static final String ESTABLISHED = "01";
  private static final String SYN_SENT = "02";
  private static final String SYN_RECV = "03";
  private static final String FIN_WAIT2 = "05";
  private static final String TIME_WAIT = "06";
  private static final String CLOSE_WAIT = "08";
  private static final String LISTEN = "0A";

  private static final int ATTEMPTS = 20;

  private static final int SOL_SOCKET = 1, SO_KEEPALIVE = 9, SO_RCVBUF = 8;
  private static final int IPPROTO_TCP = 6, TCP_DEFER_ACCEPT = 9, TCP_FASTOPEN = 23;
  private static final int TCP_KEEPIDLE = 4, TCP_KEEPINTVL = 5;

  private static final int PORT = 4660;

  /** A line up to its timer, the time that has left, and the rest. */
  private static final Pattern LINE =
      Pattern.compile("( *\\d+: \\S+ \\S+ \\S\\S \\S+ \\S\\S:)([0-9A-F]{8})( .*)");

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

  private NativeSocket socket(int family) {
    return keep(namespace.socket(family, SOCK_STREAM, 0));
  }

  private NativeSocket keep(NativeSocket socket) {
    sockets.add(socket);
    return socket;
  }

  private NativeSocket listener() {
    return socket(AF_INET6).bind("::1", PORT).listen(16);
  }

  private NativeSocket client() {
    return socket(AF_INET6).connect("::1", PORT);
  }

  /** A row as its columns; the first is the line number. */
  private record Row(String line) {
    private String column(int i) {
      return line.strip().split("[ :]+")[i];
    }

    int number() {
      return Integer.parseInt(column(0));
    }

    String local() {
      return column(1);
    }

    int port() {
      return Integer.parseInt(column(2), 16);
    }

    int remotePort() {
      return Integer.parseInt(column(4), 16);
    }

    String state() {
      return column(5);
    }

    int unsent() {
      return Integer.parseInt(column(6), 16);
    }

    int unread() {
      return Integer.parseInt(column(7), 16);
    }

    String timer() {
      return column(8);
    }

    long time() {
      return Long.parseLong(column(9), 16);
    }

    int retransmits() {
      return Integer.parseInt(column(10), 16);
    }

    int uid() {
      return Integer.parseInt(column(11));
    }

    int probes() {
      return Integer.parseInt(column(12));
    }

    long inode() {
      return Long.parseLong(column(13));
    }

    boolean repliesSoon() {
      return Integer.parseInt(column(18)) % 2 == 1;
    }
  }

  /** The rows, which are those of /proc. */
  private List<Row> rows() throws IOException {
    try (Example example = Example.load("tcp6")) {
      for (int attempt = 1; ; attempt++) {
        List<String> before = namespace.proc("tcp6").lines().toList();
        List<String> dump = example.text(namespace).lines().toList();
        List<String> after = namespace.proc("tcp6").lines().toList();
        boolean same = withoutTimes(dump).equals(withoutTimes(before));
        if ((same && timesAreBetween(before, dump, after)) || attempt == ATTEMPTS) {
          assertThat(withoutTimes(dump)).isEqualTo(withoutTimes(before));
          assertThat(timesAreBetween(before, dump, after))
              .as("times in " + dump + " between those in " + before + " and " + after)
              .isTrue();
          return dump.stream().skip(1).map(Row::new).toList();
        }
      }
    }
  }

  /** Whether the timers go on from the first to the last; one that starts again does not. */
  private static boolean timesAreBetween(
      List<String> before, List<String> dump, List<String> after) {
    if (after.size() != dump.size() || before.size() != dump.size()) {
      return false;
    }
    for (int i = 1; i < dump.size(); i++) {
      long time = time(dump.get(i));
      if (time > time(before.get(i)) || time < time(after.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static List<String> withoutTimes(List<String> lines) {
    return lines.stream().map(l -> LINE.matcher(l).replaceFirst("$1########$3")).toList();
  }

  private static long time(String line) {
    Matcher matcher = LINE.matcher(line);
    assertThat(matcher.matches()).as(line).isTrue();
    return Long.parseLong(matcher.group(2), 16);
  }

  /** The rows once they are as expected, which takes packets and timers a moment. */
  private List<Row> await(Predicate<List<Row>> expected) throws IOException, InterruptedException {
    List<Row> rows = rows();
    for (int wait = 0; !expected.test(rows) && wait < 100; wait++) {
      Thread.sleep(50);
      rows = rows();
    }
    assertThat(expected.test(rows)).as("in the end: " + rows).isTrue();
    return rows;
  }

  /** The only row of a state, once it is as expected. */
  private Row await(String state, Predicate<Row> expected)
      throws IOException, InterruptedException {
    Predicate<Row> ofState = r -> r.state().equals(state);
    List<Row> rows =
        await(all -> {
          List<Row> found = all.stream().filter(ofState).toList();
          return found.size() == 1 && expected.test(found.getFirst());
        });
    return rows.stream().filter(ofState).findFirst().orElseThrow();
  }

  /** The only row of a state. */
  private Row await(String state) throws IOException, InterruptedException {
    return await(state, _ -> true);
  }

  private Row row(NativeSocket socket) throws IOException {
    return rows().stream().filter(r -> r.inode() == socket.inode()).findFirst().orElseThrow();
  }

  @Test
  void withoutSocketsThereIsAHeading() throws IOException {
    try (Example example = Example.load("tcp6")) {
      assertThat(example.text(namespace)).isNotEmpty().isEqualTo(namespace.proc("tcp6"));
    }
  }

  @Test
  void aListenerShowsHowManyWait() throws IOException, InterruptedException {
    NativeSocket listener = listener();
    client();
    client();
    Row row = await(LISTEN, r -> r.unread() == 2);
    assertThat(row.inode()).isEqualTo(listener.inode());
  }

  @Test
  void aListenerShowsHowManyMayOpenFast() throws IOException, InterruptedException {
    listener().option(IPPROTO_TCP, TCP_FASTOPEN, 7);
    assertThat(await(LISTEN).line()).endsWith(" 7");
  }

  @Test
  void aConnectionShowsWhatIsNotRead() throws IOException, InterruptedException {
    NativeSocket listener = listener();
    NativeSocket client = client();
    NativeSocket server = keep(listener.accept());
    assertThat(client.send(1234)).isEqualTo(1234);
    List<Row> rows = await(all -> all.stream().anyMatch(r -> r.unread() == 1234));
    assertThat(rows)
        .filteredOn(r -> r.unread() == 1234)
        .singleElement()
        .matches(r -> r.inode() == server.inode() && r.state().equals(ESTABLISHED));
  }

  @Test
  void aConnectionShowsWhatIsNotSent() throws IOException, InterruptedException {
    NativeSocket listener = listener().option(SOL_SOCKET, SO_RCVBUF, 4096);
    NativeSocket client = client();
    keep(listener.accept());
    while (client.send(1 << 16) > 0) {
      // until no more fits
    }
    Row row = row(client);
    assertThat(row.state()).isEqualTo(ESTABLISHED);
    assertThat(row.unsent()).isPositive();
    assertThat(row.timer()).isIn("01", "04");
  }

  @Test
  void aConnectionShowsWhetherItReplies() throws IOException, InterruptedException {
    NativeSocket listener = listener();
    NativeSocket client = client();
    NativeSocket server = keep(listener.accept());
    assertThat(row(server).repliesSoon()).isFalse();
    for (int i = 0; !row(server).repliesSoon() && i < 100; i++) {
      client.send(1);
      server.send(1); // counts when it is soon after what came
    }
    assertThat(row(server).repliesSoon()).isTrue();
  }

  @Test
  void aConnectionShowsHowOftenItAskedWhetherTheOtherIsThere()
      throws IOException, InterruptedException {
    NativeSocket listener = listener();
    client()
        .option(SOL_SOCKET, SO_KEEPALIVE, 1)
        .option(IPPROTO_TCP, TCP_KEEPIDLE, 1)
        .option(IPPROTO_TCP, TCP_KEEPINTVL, 30);
    listener.accept().close();
    namespace.ip("link set lo down");
    assertThat(await(CLOSE_WAIT, r -> r.probes() > 0).timer()).isEqualTo("02");
  }

  @Test
  void aConnectionThatIsKeptAliveHasATimer() throws IOException, InterruptedException {
    NativeSocket listener = listener();
    NativeSocket client = client().option(SOL_SOCKET, SO_KEEPALIVE, 1);
    keep(listener.accept());
    Row row = row(client);
    assertThat(row.timer()).isEqualTo("02");
    assertThat(row.time()).as("two hours").isBetween(719_000L, 720_000L);
  }

  @Test
  void aSocketInTimeWaitIsShown() throws IOException, InterruptedException {
    NativeSocket listener = listener();
    NativeSocket client = client();
    NativeSocket server = listener.accept();
    client.close();
    server.close();
    Row row = await(TIME_WAIT);
    assertThat(row.remotePort()).isEqualTo(PORT);
    assertThat(row.timer()).isEqualTo("03");
    assertThat(row.time()).as("a minute").isBetween(5_000L, 6_010L);
  }

  @Test
  void aSocketThatWaitsForTheOtherEndShowsWhere() throws IOException, InterruptedException {
    NativeSocket listener = listener();
    NativeSocket client = client();
    keep(listener.accept());
    client.close();
    assertThat(await(FIN_WAIT2).timer()).isEqualTo("03");
    assertThat(await(CLOSE_WAIT).port()).isEqualTo(PORT);
  }

  @Test
  void aRequestIsShownWithTheListenersOwner() throws IOException, InterruptedException {
    listener().option(IPPROTO_TCP, TCP_DEFER_ACCEPT, 30).owner(4321);
    client();
    Row row = await(SYN_RECV);
    assertThat(row.port()).isEqualTo(PORT);
    assertThat(row.timer()).isEqualTo("01");
    assertThat(row.uid()).isEqualTo(4321);
    assertThat(row.inode()).isZero();
  }

  @Test
  void aRequestShowsHowLongItIsThere() throws IOException, InterruptedException {
    listener().option(IPPROTO_TCP, TCP_DEFER_ACCEPT, 30);
    client();
    assertThat(await(SYN_RECV, r -> r.retransmits() > 0).port()).isEqualTo(PORT);
  }

  @Test
  void aConnectionThatNobodyAnswersShowsHowOftenItTried() throws IOException, InterruptedException {
    namespace.ip(
        "link add left type veth peer name right",
        "addr add fd00::1/64 dev left nodad",
        "link set left up",
        "link set right up",
        "neigh add fd00::2 lladdr 02:00:00:00:00:02 dev left nud permanent");
    socket(AF_INET6).connect("fd00::2", PORT);
    Row row = await(SYN_SENT, r -> r.retransmits() > 0);
    assertThat(row.remotePort()).isEqualTo(PORT);
    assertThat(row.timer()).isEqualTo("01");
  }

  @Test
  void allKindsOfSocketsAreShownTogether() throws IOException, InterruptedException {
    NativeSocket listener = listener();
    NativeSocket gone = client();
    NativeSocket gonesServer = listener.accept();
    gone.close();
    gonesServer.close();
    client().send(1);
    keep(listener.accept());
    socket(AF_INET6).bind("::1", PORT + 1).option(IPPROTO_TCP, TCP_DEFER_ACCEPT, 30).listen(1);
    socket(AF_INET6).connect("::1", PORT + 1);
    assertThat(rows()).extracting(Row::state).contains(ESTABLISHED, TIME_WAIT, SYN_RECV, LISTEN);
  }

  @Test
  void socketsOfIpv4ArePassedOverAndNotCounted() throws IOException {
    for (int i = 0; i < 20; i++) {
      socket(AF_INET).bind("127.0.0.1", PORT + i).listen(1);
      socket(AF_INET6).bind("::1", PORT + i).listen(1);
    }
    List<Row> rows = rows();
    assertThat(rows).hasSize(20).allMatch(r -> !r.local().endsWith("0100007F"));
    assertThat(rows).extracting(Row::number).isSorted().startsWith(0).endsWith(19);
  }

  @Test
  void socketsOfIpv6ThatSpeakIpv4AreShown() throws IOException {
    NativeSocket mapped = socket(AF_INET6).bind("::ffff:127.0.0.1", PORT).listen(1);
    assertThat(row(mapped).local()).isEqualTo("0000000000000000FFFF00000100007F");
  }

  @Test
  void manySocketsAreAllThereOnce() throws IOException {
    for (int i = 0; i < 500; i++) {
      socket(AF_INET6).bind("::1", PORT + i).listen(1);
    }
    assertThat(rows()).extracting(Row::port).hasSize(500).doesNotHaveDuplicates();
  }
}
