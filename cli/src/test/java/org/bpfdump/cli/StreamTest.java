// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.Project;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command between a kernel and whatever reads it; nothing is left of any of them. */
@RequiresKernel
class StreamTest {
  private static final String TASK = Project.example("task").toString();
  private static final String TASK_FILE = Project.example("task_file").toString();

  @TempDir private Path dir;

  /** A dump that is larger than any pipe, and slow to make. */
  private String longDump() {
    return Bpfdump.fixture("target_ksym");
  }

  @Test
  void aDumpIsOfThisMachine() {
    long pid = ProcessHandle.current().pid();

    Exec.Result all = Bpfdump.run("run", TASK).ok();
    Exec.Result mine = Bpfdump.run("run", TASK, "--pid", Long.toString(pid), "--receipt").ok();

    assertThat(all.err()).isEmpty();
    assertThat(all.out()).startsWith("    tgid      gid\n");
    assertThat(all.out().lines())
        .contains("%8d %8d".formatted(pid, pid), "%8d %8d".formatted(2, 2));
    assertThat(mine.out().lines().skip(1))
        .contains("%8d %8d".formatted(pid, pid))
        .allMatch(line -> line.startsWith("%8d ".formatted(pid)));
    assertThat(mine.err())
        .matches(
            "bpfdump: " + mine.outBytes().length + " bytes, \\d+ reads, \\d+ retries, complete\n");
  }

  @Test
  void aReaderThatLeavesIsNoError() throws IOException {
    Path status = dir.resolve("status");
    Path err = dir.resolve("err");
    String dump = Bpfdump.shell("run", longDump());

    Exec.Result head =
        Exec.sh("{ %s 2>%s; echo $? >%s; } | head -n 1".formatted(dump, err, status)).run().ok();

    assertThat(head.out().lines()).hasSize(1);
    assertThat(err).isEmptyFile();
    assertThat(status).hasContent("141");
  }

  @Test
  void aReaderThatLeavesIsNoErrorForTextEither() {
    String show = Bpfdump.shell("dumper", "show", "target");

    Exec.Result gone = Exec.sh("{ " + show + "; echo $? >&2; } | true").run();

    assertThat(gone.err()).isIn("141\n", "0\n"); // 0 when it was faster
  }

  @Test
  void aDumpThatTheKernelCannotFinishIsNoSuccess() throws IOException {
    // The same program with rows far wider than the kernel's buffer.
    String object = Files.readString(Path.of(longDump()), StandardCharsets.ISO_8859_1);
    Path wide = dir.resolve("wide.bpf.o");
    String changed = object.replace("%lx %c %s\n\0", "%99999lx\n\0\0");
    assertThat(changed).isNotEqualTo(object);
    Files.writeString(wide, changed, StandardCharsets.ISO_8859_1);

    Exec.Result part = Bpfdump.run("run", wide.toString()).exited(3);

    assertThat(part.err().lines()).hasSize(1);
    assertThat(part.err())
        .matches("bpfdump: \\d+ bytes, \\d+ reads, \\d+ retries, incomplete: .*E2BIG.*; .*\n");
  }

  @Test
  void aFullDiskIsAnError() {
    for (String command : List.of(Bpfdump.shell("run", TASK), Bpfdump.shell("--help"))) {
      Exec.Result full = Exec.sh("exec " + command + " >/dev/full").run().exited(1);

      assertThat(full.err().lines()).hasSize(1);
      assertThat(full.err()).startsWith("bpfdump: cannot write to standard output: ");
    }
  }

  @Test
  void aClosedOutputIsAnError() {
    Exec.Result closed = Exec.sh("exec " + Bpfdump.shell("run", TASK) + " >&-").run().exited(1);

    assertThat(closed.err()).startsWith("bpfdump: cannot write to standard output: ");
  }

  @Test
  void aSlowReaderGetsEverything() {
    String dump = Bpfdump.shell("run", longDump(), "--receipt");

    Exec.Result read = Exec.sh(dump + " | { sleep 1; wc -c; }").run().ok();

    assertThat(read.err()).startsWith("bpfdump: " + read.out().strip() + " bytes, ");
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143", "HUP, 129", "KILL, 137"})
  void aSignalEndsADumpAndLeavesNothing(String signal, int status)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=" + signal));
    command.addAll(Bpfdump.command("run", longDump()));
    Process process =
        new ProcessBuilder(signal.equals("KILL") ? command.subList(2, command.size()) : command)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (InputStream out = process.getInputStream()) {
      assertThat(out.read()).as("the first byte").isPositive();
      // What follows does not fit the pipe, so the dump is under way until it is read.
      assertThat(Exec.of("bpftool", "prog", "show", "name", "on_ksym").run().ok().out())
          .contains("on_ksym");

      Exec.of("kill", "-" + signal, Long.toString(process.pid())).run().ok();

      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(status);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void nothingIsPinned() {
    Exec.Result before = Exec.sh("find /sys/fs/bpf").run();
    Bpfdump.run("run", TASK_FILE).ok();
    assertThat(Exec.sh("find /sys/fs/bpf").run().out()).isEqualTo(before.out());
  }
}
