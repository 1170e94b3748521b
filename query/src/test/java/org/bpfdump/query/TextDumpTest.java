// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Target;
import org.bpfdump.live.LiveDumper;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.query.columns.UsualColumns;
import org.bpfdump.query.render.TabSeparated;
import org.bpfdump.query.render.Users;
import org.bpfdump.query.syntax.QueryText;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that write lines write what rows of the same query have, read here. */
@RequiresKernel
class TextDumpTest {
  private static LiveKernel kernel;

  @BeforeAll
  static void open() {
    kernel = LiveKernel.open();
  }

  @AfterAll
  static void close() {
    kernel.close();
  }

  private static List<String> text(String query, TextFormat format, Parameter parameter) {
    return text(Query.parse(query), format, parameter);
  }

  private static List<String> text(Query query, TextFormat format, Parameter parameter) {
    try (Dumper dumper = query.loadText(format, kernel, spec -> kernel.load(spec, parameter));
        Dump dump = dumper.open();
        InputStream in = dump.stream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The rows of the same query as tab-separated lines. */
  private static List<String> rows(String query, Parameter parameter) {
    StringBuilder text = new StringBuilder();
    try (LoadedQuery loaded = Query.parse(query).load(kernel, parameter);
        RowDump dump = loaded.open()) {
      TabSeparated lines =
          new TabSeparated(
              (bytes, from, to) ->
                  text.append(new String(bytes, from, to - from, StandardCharsets.UTF_8)),
              loaded.plan().columns(),
              new Users(),
              true);
      while (dump.next()) {
        lines.row(dump.row());
      }
      lines.end();
    }
    return text.toString().lines().toList();
  }

  private static Parameter self() {
    return new Parameter.Tid((int) ProcessHandle.current().pid());
  }

  private static Parameter kernelThread() {
    String first =
        rows("task: pid where mm == NULL && comm == \"kthreadd\"", new Parameter.None()).get(1);
    return new Parameter.Tid(Integer.parseInt(first));
  }

  /** Of each kind of cell some, in more columns than a chunk has cells. */
  private static final String KINDS =
      """
      task: tgid, pid, prio, static_prio, normal_prio, policy, exit_state, comm,
        mm, total = mm.total_vm, brk = mm.start_brk, minus = -tgid, small = (char)(65 + tgid % 7),
        odd = (char)7, truth = (bool)(tgid == 2), lie = (bool)0, what = (enum sock_type)3,
        unknown = (enum sock_type)77, negative = (s8)(0 - tgid % 100 - 1), octet = (u8)(tgid * 3),
        wide = (u64)0 - tgid, address = real_parent, hex = (void *)255,
        bits = flags(prio | 1 << tgid % 16, TCPF_), none = flags(0, TCPF_),
        rest = flags(1 << 30 | 2, TCPF_), word = "a constant", node = nsproxy.uts_ns.name.nodename,
        release = str(nsproxy.uts_ns.name.release), parent = real_parent.comm,
        parents = real_parent.real_parent.real_parent.tgid, symbol = ksym(sched_class),
        four = ip((u32)0x0100007f + (tgid << 24)), port = port((u16)(tgid * 77))
      """;

  @Test
  void everyKindOfCellIsThatOfTheRow() {
    for (Parameter of : List.of(self(), kernelThread())) {
      List<String> lines = text(KINDS, TextFormat.TAB_SEPARATED, of);
      assertThat(lines).hasSize(2);
      assertThat(lines.get(0).split("\t", -1)).hasSizeGreaterThan(30);
      // What is no printable character is a question mark; here it is shown by its number.
      assertThat(lines.stream().map(line -> line.replace("\t?\t", "\t\\x07\t")))
          .isEqualTo(rows(KINDS, of));
    }
  }

  @Test
  void theTableHasTheSameCellsInColumns() {
    String query =
        "task: tgid, pid, comm, total = mm.total_vm, what = (enum sock_type)policy, prio";
    List<String> table = text(query, TextFormat.TABLE, self());
    List<String> tabs = text(query, TextFormat.TAB_SEPARATED, self());
    for (int i = 0; i < 2; i++) {
      assertThat(table.get(i).strip().split(" +")).isEqualTo(tabs.get(i).split("\t"));
    }
    String head = table.getFirst();
    String row = table.get(1);
    // Numbers end under the end of their label, all else begins under its beginning.
    String pid = Long.toString(ProcessHandle.current().pid());
    assertThat(row.substring(0, head.indexOf("tgid") + 4)).endsWith(pid);
    assertThat(row.substring(0, head.indexOf(" pid") + 4)).endsWith(" " + pid);
    assertThat(row).hasSameSizeAs(head);
    assertThat(row.charAt(head.indexOf("comm") - 1)).isEqualTo(' ');
    assertThat(row.charAt(head.indexOf("comm"))).isNotEqualTo(' ');
    // A thread of the kernel's has no memory: nothing, but as wide.
    String kernelThread = text(query, TextFormat.TABLE, kernelThread()).get(1);
    assertThat(kernelThread).hasSameSizeAs(head);
    assertThat(kernelThread.substring(head.indexOf("total"), head.indexOf("total") + 5)).isBlank();
  }

  @Test
  void theUsualColumnsOfEveryTargetAreLines() {
    List<String> dumped = new ArrayList<>();
    for (Target target : kernel.targets()) {
      QueryText usual = new UsualColumns(Optional.empty()).of(target).query();
      List<String> labels = usual.columns().stream().map(QueryText.Column::label).toList();
      Query query = Query.of(target.path(), List.of());
      if (target.parameters().contains(Parameter.Kind.MAP)) {
        continue;
      }
      List<String> tabs = text(query, TextFormat.TAB_SEPARATED, new Parameter.None());
      List<String> table = text(query, TextFormat.TABLE, new Parameter.None());
      if (target.name().equals("dmabuf")) {
        continue; // there may be none, and the kernel makes no call after the last one
      }
      assertThat(tabs.getFirst().split("\t")).containsExactlyElementsOf(labels);
      assertThat(table.getFirst().strip().split(" +")).containsExactlyElementsOf(labels);
      assertThat(tabs).allMatch(line -> line.split("\t", -1).length == labels.size());
      dumped.add(target.name());
    }
    assertThat(dumped).contains("task", "task_file", "bpf_map", "ipv6_route", "tcp", "cgroup");
  }

  @Test
  void routesAreThoseOfTheRows() throws IOException {
    String query = "ipv6_route: fib6_dst.addr, fib6_dst.plen, fib6_table.tb6_id, fib6_metric";
    List<String> lines = text(query, TextFormat.TAB_SEPARATED, new Parameter.None());
    List<String> rows = rows(query, new Parameter.None());
    assertThat(lines).hasSizeGreaterThan(1).hasSameSizeAs(rows);
    for (int i = 1; i < lines.size(); i++) {
      String[] line = lines.get(i).split("\t", 2);
      String[] row = rows.get(i).split("\t", 2);
      // No zeroes are left out.
      assertThat(InetAddress.getByName(line[0])).isEqualTo(InetAddress.getByName(row[0]));
      assertThat(line[1]).isEqualTo(row[1]);
    }
  }

  @Test
  void anEmptyTargetAndOneWithoutAMatchHaveAHeader() {
    String none = "task: tgid, comm where tgid < 0";
    assertThat(text(none, TextFormat.TAB_SEPARATED, new Parameter.None()))
        .containsExactly("tgid\tcomm");
    assertThat(text("task: tgid", TextFormat.TABLE, self())).hasSize(2);
  }

  @Test
  void aLongWalkIsWholeAndInOrder() {
    String query = "ksym: value, name";
    List<String> lines = text(query, TextFormat.TAB_SEPARATED, new Parameter.None());
    assertThat(lines).hasSizeGreaterThan(50_000);
    List<String> rows = rows(query, new Parameter.None());
    // Programs come and go at the end.
    int same = Math.min(lines.size(), rows.size()) * 9 / 10;
    assertThat(lines.subList(0, same)).isEqualTo(rows.subList(0, same));
    assertThat(lines.stream().filter(line -> line.equals("value\tname"))).hasSize(1);
  }

  @Test
  void namesCannotBreakLines(@TempDir Path directory) throws Exception {
    Path odd = Files.createFile(directory.resolve("new\nline\ttab\u001b[31m\u007f\u00e4"));
    Path far = directory.resolve("x".repeat(250)).resolve("y".repeat(249));
    Files.createDirectories(far);
    Path last = Files.createFile(far.resolve("end\n"));
    Process shell =
        new ProcessBuilder(
                "sh",
                "-c",
                "printf 'a\\nb\\033c' >/proc/$$/comm; exec 8<\"$1\" 9<\"$2\"; echo; read x",
                "sh",
                odd.toString(),
                last.toString())
            .start();
    try {
      assertThat(shell.getInputStream().read()).isEqualTo('\n');
      List<String> lines =
          text(
              "task/file: task.comm, fd, path(file.f_path) where fd > 7",
              TextFormat.TAB_SEPARATED,
              new Parameter.Pid((int) shell.pid()));
      assertThat(lines)
          .containsExactly(
              "task.comm\tfd\tpath(file.f_path)",
              "a?b?c\t8\t" + odd.toString().replaceAll("[\\x00-\\x1f\\x7f]", "?"),
              "a?b?c\t9\t" + last.toString().replace('\n', '?'));
    } finally {
      shell.destroyForcibly().waitFor();
    }
  }

  /** The limit is a million, and the ways through cells must not multiply. */
  @Test
  void theVerifierFollowsOneColumnAfterTheOther() {
    String path = "path(file.f_path)";
    int one = verified("task/file: " + path);
    int five = verified("task/file: " + String.join(", ", Collections.nCopies(5, path)));
    assertThat(one).isLessThan(30_000);
    assertThat(five).isBetween(one, 6 * one);
    String column =
        "mm.total_vm, flags(mm.def_flags, TCPF_), (enum bpf_func_id)mm.total_vm, mm.owner.comm";
    int few = verified("task: " + String.join(", ", Collections.nCopies(3, column)));
    int many = verified("task: " + String.join(", ", Collections.nCopies(12, column)));
    assertThat(many).isBetween(few, 5 * few).isLessThan(200_000);
  }

  private static int verified(String query) {
    return Query.parse(query)
        .loadText(
            TextFormat.TABLE,
            kernel,
            spec -> {
              try (LiveDumper dumper = kernel.load(spec, new Parameter.None())) {
                return dumper.verifiedInstructions();
              }
            });
  }

  @Test
  void timesAreSeconds() throws IOException {
    List<String> lines =
        text("task: since(start_boottime), back = (s64)0 - 1", TextFormat.TAB_SEPARATED, self());
    double age = Double.parseDouble(lines.get(1).split("\t")[0]);
    String stat = Files.readString(Path.of("/proc/self/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    double up = Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ")[0]);
    double expected = up - Long.parseLong(fields[19]) / 100.0;
    assertThat(age).isBetween(expected - 5, expected + 0.05);
    assertThat(lines.get(1)).matches("\\d+\\.\\d{3}\t-1");
  }

  @Test
  void theProgramSaysWhatItWasMadeFrom() {
    String text = "task: tgid, rss = mm.total_vm * 4 where comm == \"a \\\" b\" && tgid == pid";
    Query.parse(text)
        .loadText(
            TextFormat.TABLE,
            kernel,
            spec -> {
              var first = spec.lines().getFirst();
              assertThat(spec.btf().orElseThrow().string(first.file())).isEqualTo("bpfdump query");
              String told = spec.btf().orElseThrow().string(first.text());
              assertThat(told).isEqualTo(text);
              return told;
            });
    Query usual = Query.of("task/file", List.of());
    String told =
        usual.loadText(
            TextFormat.TABLE,
            kernel,
            spec -> spec.btf().orElseThrow().string(spec.lines().getFirst().text()));
    assertThat(told)
        .startsWith("task/file: comm = task.comm, tgid = task.tgid")
        .doesNotContain("\n");
    assertThat(text(told, TextFormat.TABLE, self()))
        .isEqualTo(text(usual, TextFormat.TABLE, self()));
  }
}
