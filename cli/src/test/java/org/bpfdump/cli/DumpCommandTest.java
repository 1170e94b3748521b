// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bpfdump.testkit.NativeSocket.AF_INET;
import static org.bpfdump.testkit.NativeSocket.SOCK_STREAM;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.live.LiveDumper;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.NativeSocket;
import org.bpfdump.testkit.NetworkNamespace;
import org.bpfdump.testkit.Project;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries by the command, held against what the system says itself. */
@RequiresKernel
class DumpCommandTest {
  private static final String SELF = Long.toString(ProcessHandle.current().pid());
  private static final int PORT = 4663;

  @TempDir private Path dir;

  /** The rows of a dump that is complete, cell by cell. */
  private static List<List<String>> rows(String... query) {
    List<String> words = new ArrayList<>(List.of("dump"));
    words.addAll(List.of(query));
    words.addAll(List.of("--format", "tsv", "--no-header"));
    Cli done = Cli.run(words.toArray(String[]::new));
    assertThat(done).returns("", Cli::err).returns(0, Cli::status);
    return done.out().lines().map(line -> List.of(line.split("\t", -1))).toList();
  }

  private static List<String> words(String line) {
    return List.of(line.strip().split("\\s+", -1));
  }

  @Test
  void aProcessIsWhatProcSays() throws IOException {
    List<List<String>> rows =
        rows(
            "task",
            "pid, comm",
            "real_parent.tgid",
            "static_prio - 120, start_boottime / 10000000",
            "user(cred.uid)",
            "--where",
            "tgid == pid",
            "--pid",
            SELF);

    String stat = Files.readString(Path.of("/proc/self/stat"));
    List<String> fields = words(stat.substring(stat.lastIndexOf(')') + 1));
    assertThat(rows)
        .containsExactly(
            List.of(
                SELF,
                Files.readString(Path.of("/proc/self/comm")).strip(),
                fields.get(1),
                fields.get(16),
                fields.get(19),
                Exec.of("id", "-un").run().ok().out().strip()));
  }

  @Test
  void openFilesAreThoseOfProc() throws IOException {
    Path file = Files.writeString(dir.resolve("a b\tc"), "12345");
    try (var in = Files.newInputStream(file)) {
      assertThat(in.read()).isEqualTo('1');
      List<List<String>> open = new ArrayList<>();
      try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
        for (Path fd : descriptors.toList()) {
          if (Files.exists(fd) && Files.isSameFile(fd, file)) {
            open.add(
                List.of(fd.getFileName().toString(), file.toString().replace("\t", "\\x09"), "1"));
          }
        }
      }
      String columns = "fd, path(file.f_path), file.f_pos";
      String here = "path(file.f_path) ^= \"%s/\"".formatted(dir);

      assertThat(rows("task/file", columns, "--tid", SELF, "--where", here))
          .hasSize(1)
          .isEqualTo(open);
    }
  }

  @Test
  void socketsThatListenAreThoseOfSs() {
    try (NetworkNamespace network = new NetworkNamespace();
        NativeSocket one = network.socket(AF_INET, SOCK_STREAM, 0);
        NativeSocket two = network.socket(AF_INET, SOCK_STREAM, 0)) {
      one.bind("127.0.0.1", PORT).listen(3);
      two.bind("127.0.0.1", PORT + 1).listen(7);
      List<List<String>> ss = new ArrayList<>();
      network
          .run("ss", "-H", "-t", "-l", "-n")
          .out()
          .lines()
          .forEach(line -> {
            List<String> shown = words(line);
            String local = shown.get(3);
            int colon = local.lastIndexOf(':');
            ss.add(
                List.of(
                    local.substring(0, colon),
                    local.substring(colon + 1),
                    shown.get(1),
                    shown.get(2)));
          });

      List<List<String>> rows = new ArrayList<>();
      for (List<String> row :
          rows(
              "tcp",
              "--where",
              "skc_state == TCP_LISTEN",
              "--netns",
              Integer.toString(network.tid()))) {
        rows.add(List.of(row.get(3), row.get(4), row.get(1), row.get(2)));
      }

      assertThat(rows).hasSize(2).containsExactlyInAnyOrderElementsOf(ss);
    }
  }

  @Test
  void everyNetworkNamespaceIsAColumn() {
    try (NetworkNamespace one = new NetworkNamespace();
        NetworkNamespace two = new NetworkNamespace();
        NativeSocket inOne = one.socket(AF_INET, SOCK_STREAM, 0);
        NativeSocket inTwo = two.socket(AF_INET, SOCK_STREAM, 0)) {
      inOne.bind("127.0.0.1", PORT).listen(1);
      inTwo.bind("127.0.0.1", PORT).listen(1);

      assertThat(rows("tcp", "skc_num", "--where", "skc_num == " + PORT, "--all-netns"))
          .containsExactlyInAnyOrder(
              List.of(Integer.toString(one.tid()), Integer.toString(PORT)),
              List.of(Integer.toString(two.tid()), Integer.toString(PORT)));
      assertThat(Cli.run("dump", "tcp", "skc_num", "--all-netns", "--limit", "1").out())
          .startsWith("netns ")
          .hasLineCount(2);
    }
  }

  @Test
  void unixSocketsAreThoseOfProc() throws Exception {
    String path = dir.resolve("socket").toString();
    String listen =
        """
        use IO::Socket::UNIX; $| = 1;
        my $s = IO::Socket::UNIX->new(Local => $ARGV[0], Listen => 1) or die;
        print "ready\n";
        <STDIN>;
        """;
    Process listener =
        new ProcessBuilder("perl", "-e", listen, path)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = listener.inputReader()) {
      assertThat(out.readLine()).isEqualTo("ready");
      List<String> proc =
          Files.readAllLines(Path.of("/proc/net/unix")).stream()
              .filter(line -> line.endsWith(" " + path))
              .map(line -> words(line).get(6))
              .toList();

      List<List<String>> rows = rows("unix");

      assertThat(proc).hasSize(1);
      assertThat(rows.stream().filter(row -> row.get(6).equals(path)))
          .singleElement()
          .satisfies(row ->
              assertThat(row)
                  .startsWith("SOCK_STREAM", "LISTEN")
                  .contains(proc.getFirst(), Long.toString(listener.pid())));
    } finally {
      listener.outputWriter().close();
      listener.waitFor();
    }
  }

  @Test
  void mapsAndProgramsAreThoseOfBpftool() throws IOException {
    try (LiveKernel kernel = LiveKernel.open();
        LiveDumper dumper =
            kernel.load(
                ObjectFile.read(Project.example("task_file")).program(), new Parameter.None())) {
      String id = Integer.toString(dumper.programId());
      String shown = Exec.of("bpftool", "-j", "prog", "show", "id", id).run().ok().out();

      List<List<String>> program =
          rows(
              "bpf_prog",
              "prog.aux.id, prog.aux.name, prog.aux.verified_insns",
              "--where",
              "prog.aux.id == " + id);

      assertThat(program).hasSize(1);
      assertThat(shown)
          .contains("\"id\":" + id + ",", "\"name\":\"" + program.getFirst().get(1) + "\"");
      assertThat(program.getFirst())
          .containsExactly(id, dumper.name(), Integer.toString(dumper.verifiedInstructions()));
    }
    String maps = Exec.of("bpftool", "-j", "map", "show").run().ok().out();
    for (List<String> map :
        rows("bpf_map", "map.id, map.max_entries", "--where", "map.usercnt > 1")) {
      assertThat(maps).contains("\"id\":" + map.getFirst() + ",");
    }
  }
}
