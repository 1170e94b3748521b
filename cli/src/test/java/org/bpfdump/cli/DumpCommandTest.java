// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries by the command, held against what the system says itself. */
@RequiresKernel
class DumpCommandTest {
  private static final String SELF = Long.toString(ProcessHandle.current().pid());

  private static Cli complete(String... args) {
    Cli done = Cli.run(args);
    assertThat(done).returns("", Cli::err).returns(0, Cli::status);
    return done;
  }

  private static List<String[]> tsv(String... args) {
    List<String> words = new ArrayList<>(List.of(args));
    words.addAll(List.of("--format", "tsv", "--no-header"));
    return complete(words.toArray(String[]::new))
        .out()
        .lines()
        .map(l -> l.split("\t", -1))
        .toList();
  }

  /** The fields of /proc/PID/stat after the name, of which the first is the third of all. */
  private static String[] stat() throws IOException {
    String stat = Files.readString(Path.of("/proc/self/stat")).strip();
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
  }

  @Test
  void aProcessIsWhatProcSays() throws IOException {
    List<String[]> rows =
        tsv(
            "dump",
            "task",
            "pid, comm",
            "real_parent.tgid",
            "signal.nr_threads, nice = static_prio - 120",
            "start_boottime / 10000000",
            "--where",
            "tgid == pid",
            "--pid",
            SELF);

    String[] stat = stat();
    String comm = Files.readString(Path.of("/proc/self/comm")).strip();
    assertThat(rows).hasSize(1);
    assertThat(rows.getFirst())
        .containsExactly(SELF, comm, stat[1], rows.getFirst()[3], stat[16], stat[19]);
  }

  @Test
  void openFilesAreThoseOfProc(@TempDir Path dir) throws IOException {
    Path file = Files.writeString(dir.resolve("a b\tc"), "12345");
    try (var in = Files.newInputStream(file)) {
      assertThat(in.read()).isEqualTo('1');
      Map<String, String> rows = new HashMap<>();
      for (String[] row :
          tsv("dump", "task/file", "fd, path(file.f_path), file.f_pos", "--tid", SELF)) {
        rows.put(row[0], row[1] + " " + row[2]);
      }
      int seen = 0;
      try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
        for (Path descriptor : descriptors.toList()) {
          if (!Files.exists(descriptor)) {
            continue; // the one that read this directory
          }
          String target = Files.readSymbolicLink(descriptor).toString();
          if (target.startsWith(dir.toString())) {
            String path = target.replace("\t", "\\x09");
            assertThat(rows).containsEntry(descriptor.getFileName().toString(), path + " 1");
            seen++;
          }
        }
      }
      assertThat(seen).isEqualTo(1);
    }
  }
}
