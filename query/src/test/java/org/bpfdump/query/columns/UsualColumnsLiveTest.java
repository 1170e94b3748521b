// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.columns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Target;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.query.check.Checker;
import org.bpfdump.query.code.Compiled;
import org.bpfdump.query.code.Generator;
import org.bpfdump.query.plan.Plan;
import org.bpfdump.query.render.TabSeparated;
import org.bpfdump.query.render.Users;
import org.bpfdump.query.row.RowReader;
import org.bpfdump.testkit.Bpffs;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The usual columns on the running kernel say what its /proc says. */
@RequiresKernel
class UsualColumnsLiveTest {
  /** Targets that end in ways of their own: what they write is not in the stream. */
  private static final Set<String> COLLECTED = Set.of("cgroup", "dmabuf");

  private static LiveKernel kernel;
  private static Process sleep;

  @BeforeAll
  static void open() throws IOException {
    kernel = LiveKernel.open();
    sleep = new ProcessBuilder("sleep", "1000").start();
    // The first sockets that the JVM closes leave it one that it keeps for closing others.
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      new Socket(listener.getInetAddress(), listener.getLocalPort()).close();
    }
  }

  @AfterAll
  static void close() throws InterruptedException {
    sleep.destroyForcibly().waitFor();
    kernel.close();
  }

  /** The rows as tab-separated lines. */
  private static List<String> rows(Target target, Parameter parameter) {
    Plan plan =
        new Checker(kernel.btf(), target, false)
            .check(new UsualColumns(Optional.empty()).of(target).query());
    Compiled compiled = Generator.compile(plan, kernel.btf());
    StringBuilder text = new StringBuilder();
    try (Dumper dumper = kernel.load(compiled.spec(), parameter);
        Dump dump = dumper.open()) {
      RowReader reader =
          new RowReader(dump::read, plan.columns(), compiled.layout(), kernel.btf().order());
      TabSeparated out =
          new TabSeparated(
              (bytes, from, to) ->
                  text.append(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1)),
              plan.columns(),
              new Users(),
              false);
      while (reader.next()) {
        out.row(reader);
      }
      out.end();
      dump.receipt().requireComplete();
      assertThat(reader.finished() || COLLECTED.contains(target.name())).isTrue();
    }
    return text.toString().lines().toList();
  }

  private static List<String[]> cells(String target, Parameter parameter) {
    return rows(kernel.target(target), parameter).stream().map(row -> row.split("\t", -1)).toList();
  }

  private static Parameter sleeper() {
    return new Parameter.Pid((int) sleep.pid());
  }

  @Test
  void everyTargetIsDumpedWithThem() {
    List<String> dumped = new ArrayList<>();
    for (Target target : kernel.targets()) {
      if (!target.parameters().contains(Parameter.Kind.MAP)) {
        rows(target, new Parameter.None());
        dumped.add(target.name());
      }
    }
    assertThat(dumped).contains("task", "task_file", "bpf_map", "ipv6_route", "tcp");
  }

  @Test
  void elementsOfAMapAreThoseThatWerePut() throws IOException {
    Path pin = Bpffs.ROOT.resolve("usual_columns");
    try (Bpffs _ = Bpffs.open()) {
      Exec.sh("bpftool map create " + pin + " type hash key 4 value 8 entries 9 name usual")
          .run()
          .ok();
      try {
        Exec.sh("bpftool map update pinned " + pin + " key 1 0 0 0 value 2 1 0 0 0 0 0 0")
            .run()
            .ok();
        List<String[]> rows = cells("bpf_map_elem", new Parameter.MapPath(pin));
        assertThat(rows).hasSize(1);
        assertThat(rows.getFirst()).hasSize(4).endsWith("usual", "1", "258");
      } finally {
        Files.delete(pin);
      }
    }
  }

  @Test
  void socketsAreAsSsHasThem() throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 7, InetAddress.getLoopbackAddress());
        Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
      client.getOutputStream().write(new byte[5]); // nobody reads them
      String port = Integer.toString(listener.getLocalPort());
      List<String> found = new ArrayList<>();
      for (String[] row : cells("tcp", new Parameter.None())) {
        if (row[4].equals(port) || row[6].equals(port)) {
          String local = row[3].indexOf(':') >= 0 ? "[" + row[3] + "]" : row[3];
          String state = row[0].replace("ESTABLISHED", "ESTAB");
          found.add(String.join(" ", state, row[1], row[2], local + ":" + row[4]));
        }
      }
      List<String> expected = new ArrayList<>();
      String filter = "sport = :%1$s or dport = :%1$s".formatted(port);
      for (String line : Exec.of("ss", "-tanH", filter).run().ok().out().lines().toList()) {
        String[] fields = line.split(" +");
        expected.add(String.join(" ", fields[0], fields[1], fields[2], fields[3]));
      }
      assertThat(expected).hasSize(3);
      assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Test
  void aTaskIsAsProcHasIt() throws IOException {
    String[] row = cells("task", sleeper()).getFirst();
    String stat = Files.readString(Path.of("/proc/" + sleep.pid() + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    String pid = Long.toString(sleep.pid());
    String pages = Files.readString(Path.of("/proc/" + sleep.pid() + "/statm")).split(" ")[0];
    assertThat(row[0]).isEqualTo(pid);
    assertThat(row[1]).isEqualTo(pid);
    assertThat(row[2]).isEqualTo(fields[1]);
    assertThat(row[3]).isEqualTo(System.getProperty("user.name"));
    assertThat(row[4]).isEqualTo("S").isEqualTo(fields[0]);
    assertThat(row[5]).isEqualTo(fields[16]);
    assertThat(row[6]).isEqualTo(pages);
    assertThat(Long.parseLong(row[7])).isPositive();
    assertThat(row[10]).isEqualTo("sleep");
  }

  @Test
  void memoryAreasAreAsProcHasThem() throws IOException {
    List<String> expected = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/" + sleep.pid() + "/maps"))) {
      String[] fields = line.split(" +", 6);
      boolean file = !fields[4].equals("0");
      expected.add(
          fields[0]
              + " "
              + fields[1]
              + " "
              + Long.parseLong(fields[2], 16) / 4096
              + " "
              + (file ? fields[4] + " " + fields[5] : ""));
    }
    List<String> found = new ArrayList<>();
    for (String[] row : cells("task_vma", sleeper())) {
      assertThat(row[0]).isEqualTo(Long.toString(sleep.pid()));
      found.add(
          "%08x-%08x %s%s%s%s %s %s"
              .formatted(
                  address(row[1]),
                  address(row[2]),
                  row[3],
                  row[4],
                  row[5],
                  row[6],
                  row[7],
                  row[8].isEmpty() ? "" : row[8] + " " + row[9]));
    }
    // The vsyscall page is in no process; /proc shows it all the same.
    expected.removeIf(area -> area.startsWith("ffffffffff600000"));
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void openFilesAreAsProcHasThem() throws IOException {
    List<String> expected = new ArrayList<>();
    Path fds = Path.of("/proc/" + sleep.pid() + "/fd");
    try (Stream<Path> links = Files.list(fds)) {
      for (Path link : links.sorted().toList()) {
        expected.add(link.getFileName() + " " + Files.readSymbolicLink(link));
      }
    }
    List<String> found = new ArrayList<>();
    for (String[] row : cells("task_file", sleeper())) {
      assertThat(row[0]).isEqualTo("sleep");
      assertThat(row[6]).isEqualTo("p"); // ProcessBuilder gave it pipes
      found.add(row[4] + " " + row[10]);
    }
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void symbolsAreAsProcHasThem() throws IOException {
    List<String> expected = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/kallsyms"), StandardCharsets.ISO_8859_1)) {
      String[] fields = line.split("[ \t]+");
      String module = fields.length == 4 ? fields[3].substring(1, fields[3].length() - 1) : "";
      if (lasting(module)) {
        expected.add(fields[0] + " " + fields[1] + " " + fields[2] + " " + module);
      }
    }
    List<String> found = new ArrayList<>();
    for (String[] row : cells("ksym", new Parameter.None())) {
      if (lasting(row[3])) {
        found.add("%016x %s %s %s".formatted(address(row[0]), row[1], row[2], row[3]));
      }
    }
    assertThat(found).isEqualTo(expected);
  }

  private static long address(String text) {
    return Long.parseUnsignedLong(text.substring("0x".length()), 16);
  }

  /** Programs and probes come and go while this is tested. */
  private static boolean lasting(String module) {
    return !module.equals("bpf") && !module.startsWith("__builtin__");
  }
}
