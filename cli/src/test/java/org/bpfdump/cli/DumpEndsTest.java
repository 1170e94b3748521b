// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How dumps of queries end, and what they say then. */
@RequiresKernel
class DumpEndsTest {
  private static final String SELF = Long.toString(ProcessHandle.current().pid());

  @TempDir private Path dir;

  private static List<String> words(String text) {
    return List.of(text.strip().split("\\s+", -1));
  }

  @Test
  void aReceiptCountsObjectsAndRows() {
    Cli mine = Cli.run("dump", "task", "pid", "--pid", SELF, "--where", "tgid == pid", "--receipt");

    assertThat(mine.status()).isZero();
    assertThat(words(mine.out())).containsExactly("pid", SELF);
    assertThat(mine.err()).matches("bpfdump: [0-9]+ visited, 1 row, 0 retries, complete\n");
    int visited = Integer.parseInt(mine.err().split(" ", 3)[1]);
    assertThat(visited).isGreaterThan(1);
  }

  @Test
  void aLimitEndsTheWalkAndIsNoFailure() {
    Cli all = Cli.run("dump", "task", "pid", "--no-header");
    Cli two = Cli.run("dump", "task", "pid", "--no-header", "--limit", "2");
    Cli told = Cli.run("dump", "task", "pid", "--limit", "2", "--receipt");

    assertThat(all.out().lines()).hasSizeGreaterThan(2);
    assertThat(two).returns(0, Cli::status).returns("", Cli::err);
    assertThat(two.out().lines()).hasSize(2);
    assertThat(told.status()).isZero();
    assertThat(told.err())
        .isEqualTo("bpfdump: 2 rows, 0 retries, incomplete: it was ended after 2 rows\n");
  }

  @Test
  void aRowThatNoBufferHoldsLeavesThoseBeforeAndExitCode3() throws IOException {
    Path deep = dir;
    while (deep.toString().length() < 3700) {
      deep = deep.resolve("d".repeat(200));
    }
    Files.createDirectories(deep);
    Path file = Files.writeString(deep.resolve("file"), "");
    StringBuilder columns = new StringBuilder("fd");
    for (int i = 0; i < 9; i++) {
      columns.append(", path").append(i).append(" = path(file.f_path)");
    }
    String query = columns.append(", file.f_pos").toString();
    try (var _ = Files.newInputStream(file)) {
      Cli part =
          Cli.run("dump", "task/file", query, "--tid", SELF, "--format", "csv", "--no-header");

      assertThat(part.status()).isEqualTo(3);
      assertThat(part.out()).startsWith("0,");
      assertThat(part.err())
          .matches("bpfdump: [0-9]+ rows, [0-9]+ retries, incomplete: .* task_file .*E2BIG.*\n");
      assertThat(
              Cli.run("dump", "task/file", query, "--tid", SELF, "--format=json", "--receipt")
                  .out())
          .contains("\n{\"receipt\":{\"visited\":null,")
          .contains("\"complete\":false,\"missing\":\"")
          .endsWith("}}\n]\n");
    }
  }

  @Test
  void aMillionObjectsOfWhichNoneMatchesAreADump() throws Exception {
    // A process can have 20,000 descriptors here: 53 that share a table's entries by fork.
    String program =
        """
        use POSIX; $| = 1;
        for (1 .. 19990) { defined POSIX::dup(0) or die }
        pipe(my $r, my $w);
        for (1 .. 52) { if (!fork) { close $w; sysread $r, my $x, 1; POSIX::_exit(0) } }
        print "ready\\n";
        <STDIN>;
        """;
    Process many =
        new ProcessBuilder("sh", "-c", "ulimit -n 20000 && exec perl -e \"$0\"", program)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = many.inputReader()) {
      assertThat(out.readLine()).isEqualTo("ready");

      Cli none = Cli.run("dump", "task/file", "fd", "--where", "fd == -1 >> 1", "--receipt");

      assertThat(none.status()).isZero();
      assertThat(none.out()).isEqualTo("fd\n");
      assertThat(none.err()).matches("bpfdump: \\d+ visited, 0 rows, \\d+ retries, complete\n");
      assertThat(Long.parseLong(none.err().split(" ", 3)[1])).isGreaterThan(1_040_000);
    } finally {
      many.outputWriter().close();
      many.waitFor();
    }
  }

  @Test
  void mistakesArePointedAt() throws IOException {
    assertThat(Cli.run("dump", "task", "tgid", "comn"))
        .returns(2, Cli::status)
        .returns("", Cli::out)
        .matches(c -> c.err().endsWith("did you mean comm?\ncomn\n^^^^\n"));
    assertThat(Cli.run("dump", "task", "tgid", "--where", "tgid === 3"))
        .returns(2, Cli::status)
        .matches(c -> c.err().contains("\ntgid === 3\n"));
    assertThat(Cli.run("dump", "tusk"))
        .returns(1, Cli::status)
        .matches(c -> c.err().contains("tusk"));
    assertThat(Cli.run("dump", "task", "--format", "xml"))
        .returns(2, Cli::status)
        .matches(c -> c.err().contains("not xml"));
    assertThat(Cli.run("fields", "task", "nm"))
        .returns(2, Cli::status)
        .matches(c -> c.err().endsWith("\nnm\n^^\n"));
  }

  @Test
  void aWrongFileOfColumnsIsNamed() throws IOException {
    Path file = dir.resolve("bpfdump/columns/task.query");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "task:\n  pid,\n  comn\n");
    List<String> environment = List.of("env", "XDG_CONFIG_HOME=" + dir);

    Exec.Result wrong = Bpfdump.runBy(environment, "dump", "task");
    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(wrong.err()).startsWith("bpfdump: " + file + ":3: ").endsWith("\n  comn\n  ^^^^\n");

    Files.writeString(file, "task:\n  pid,\n  comm\n");
    Exec.Result own = Bpfdump.runBy(environment, "dump", "task", "--tid", "2").ok();
    assertThat(words(own.out())).containsExactly("pid", "comm", "2", "kthreadd");
  }
}
