// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bpfdump.testkit.Project;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands about the image that comes with bpfdump: they need no privilege, and no BPF. */
class ImageCommandTest {
  private static final String[] DEMO = {"--image", "demo"};

  private static Cli demo(String... words) {
    String[] all = new String[DEMO.length + words.length];
    System.arraycopy(DEMO, 0, all, 0, DEMO.length);
    System.arraycopy(words, 0, all, DEMO.length, words.length);
    return Cli.run(all);
  }

  @Test
  void aQueryOfTheImageShowsItsProcesses() {
    Cli tasks =
        demo(
            "dump",
            "task",
            "tgid",
            "comm",
            "--where",
            "tgid == pid",
            "--format",
            "csv",
            "--receipt");

    assertThat(tasks.status()).isZero();
    assertThat(tasks.out().lines()).startsWith("tgid,comm", "1,init", "2,kthreadd");
    assertThat(tasks.err()).matches("bpfdump: \\d+ visited, \\d+ rows, 0 retries, complete\n");
  }

  @Test
  void everyTargetHasItsUsualColumns() {
    List<String> targets =
        demo("dumper", "show", "target").out().lines().skip(1).map(l -> l.split(" ")[0]).toList();
    assertThat(targets)
        .contains("task", "task/file", "task/vma", "bpf_map", "tcp", "cgroup", "ksym");

    for (String target : targets) {
      if (target.equals("bpf_map/elem")
          || target.equals("bpf_sk_storage_map")
          || target.equals("sockmap")) {
        continue; // they walk one map, which has to be named
      }
      Cli dump = demo("dump", target);
      assertThat(dump.err()).as(target).isEmpty();
      assertThat(dump.status()).as(target).isZero();
    }
  }

  @Test
  void pathsOfOpenFilesAreThoseThatTheGuestSaw() {
    Cli files =
        demo("dump", "task/file", "fd", "path(file.f_path)", "--pid", "1", "--format", "csv");

    assertThat(files.status()).isZero();
    assertThat(files.out().lines()).startsWith("fd,path(file.f_path)", "0,/dev/console");
  }

  @Test
  void aCompiledProgramRunsOnIt() {
    Cli run = demo("run", Project.example("task_file").toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.out().lines()).startsWith("    tgid      gid       fd      file");
  }

  @Test
  void theOptionMayFollowTheCommand() {
    Cli before = demo("dump", "task", "--format", "csv");

    assertThat(Cli.run("dump", "task", "--format", "csv", "--image", "demo").out())
        .isNotEmpty()
        .isEqualTo(before.out());
    assertThat(Cli.run("--image=demo", "dump", "task", "--format", "csv").out())
        .isEqualTo(before.out());
  }

  @Test
  void itSaysWhatItIs() {
    Cli info = demo("info");
    Cli json = demo("info", "--json");

    assertThat(info.status()).isZero();
    assertThat(info.out()).contains("release      6.1.0-", "machine      x86", "cpus         2");
    assertThat(json.out()).contains("\"release\" : \"6.1.0-", "\"cpus\" : 2");
  }

  @Test
  void itsLogIsPrintedAsDmesgDoes() {
    Cli log = demo("dmesg");

    assertThat(log.status()).isZero();
    assertThat(log.out().lines().findFirst().orElseThrow())
        .startsWith("[    0.000000] Linux version 6.1.0-");
    assertThat(log.out().lines()).allMatch(line -> line.matches("\\[ *\\d+\\.\\d{6}] .*"));
  }

  @Test
  void namespacesGoByTheirNumberOrAProcess() {
    Cli own = demo("dump", "tcp", "--format", "csv");
    Cli byProcess = demo("dump", "tcp", "--netns", "1", "--format", "csv");
    Cli all = demo("dump", "tcp", "--all-netns", "--format", "csv", "--no-header");

    assertThat(own.out().lines().count()).isGreaterThan(1);
    assertThat(byProcess.out()).isEqualTo(own.out());
    assertThat(all.out().lines()).isNotEmpty().allMatch(line -> line.matches("40265\\d{5},.*"));
    Cli none = demo("dump", "tcp", "--netns", "77777777");
    assertThat(none.status()).isEqualTo(1);
    assertThat(none.err()).contains("no process and no namespace of number 77777777");
  }

  @Test
  void whatIsAboutThisMachineSaysSo() {
    Cli fd = demo("fd");

    assertThat(fd.status()).isEqualTo(2);
    assertThat(fd.err())
        .startsWith("bpfdump: this command is about the running machine: leave out");
    assertThat(Cli.run("info").err()).startsWith("bpfdump: missing --image FILE");
    assertThat(Cli.run("dump", "task", "--symbols", "x").err())
        .startsWith("bpfdump: --symbols is of use only with --image");
  }

  @Test
  void whatIsNoImageIsSaidInALine(@TempDir Path dir) throws Exception {
    Path text = Files.writeString(dir.resolve("text"), "no image at all\n".repeat(1000));

    Cli none = Cli.run("--image", dir.resolve("nothing").toString(), "info");
    assertThat(none.status()).isEqualTo(1);
    assertThat(none.err()).contains("cannot read image", "no such file").hasLineCount(1);
    assertThat(Cli.run("--image", dir.toString(), "info").err()).contains("it is a directory");
    Cli wrong = Cli.run("--image", text.toString(), "dump", "task");
    assertThat(wrong.status()).isEqualTo(1);
    assertThat(wrong.err()).startsWith("bpfdump: ").contains("text").hasLineCount(1);
  }
}
