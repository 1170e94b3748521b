// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Targets whose walk the kernel ends early or late: every row is there, once. */
@RequiresKernel
class DumpEveryRowTest {
  /** Their rows are more than the kernel's one buffer. */
  private static final int CGROUPS = 600;

  @TempDir private Path dir;

  private static List<String> lines(String... args) {
    Cli done = Cli.run(args);
    assertThat(done).returns("", Cli::err).returns(0, Cli::status);
    return done.out().lines().toList();
  }

  @Test
  void cgroupsAreThoseOfTheFileSystem() throws IOException {
    Exec.of("mount", "-t", "cgroup2", "none", dir.toString()).run().ok();
    Path parent = dir.resolve("bpfdump-dump");
    List<Path> made = new ArrayList<>();
    try {
      made.add(Files.createDirectory(parent));
      for (int i = 0; i < CGROUPS; i++) {
        made.add(Files.createDirectory(parent.resolve("a-cgroup-with-a-name-that-is-long-" + i)));
      }
      List<String> expected = new ArrayList<>();
      for (Path cgroup : made) {
        expected.add(Files.getAttribute(cgroup, "unix:ino") + "," + cgroup.getFileName());
      }

      List<String> rows =
          lines(
              "dump",
              "cgroup",
              "cgroup.kn.id, cgroup.kn.name",
              "--cgroup",
              parent.toString(),
              "--format=tsv",
              "--no-header");

      assertThat(rows.stream().map(row -> row.replace('\t', ',')))
          .containsExactlyInAnyOrderElementsOf(expected);
      assertThat(Cli.run("dump", "cgroup", "--cgroup", parent.toString(), "--receipt").err())
          .isEqualTo(
              "bpfdump: %1$d visited, %1$d rows, 0 retries, complete\n".formatted(CGROUPS + 1));
    } finally {
      for (Path cgroup : made.reversed()) {
        Files.delete(cgroup);
      }
      Exec.of("umount", dir.toString()).run().ok();
    }
  }

  @Test
  void symbolsAreThoseOfProc() throws IOException {
    List<String> before = symbols();
    List<String> rows = lines("dump", "ksym", "ksym.name", "--format", "tsv", "--no-header");
    List<String> after = symbols();

    // Those of programs come and go; the others are as they were.
    rows = rows.stream().filter(name -> !name.startsWith("bpf_")).toList();
    assertThat(before).isEqualTo(after).hasSizeGreaterThan(10_000);
    assertThat(rows).isEqualTo(before);
  }

  private static List<String> symbols() throws IOException {
    List<String> names = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/kallsyms"))) {
      String name = line.split("[ \t]", -1)[2];
      if (!name.startsWith("bpf_")) {
        names.add(name);
      }
    }
    return names;
  }
}
