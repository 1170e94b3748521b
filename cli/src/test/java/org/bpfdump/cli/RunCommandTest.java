// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.kernel.Kernel;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.Project;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Dumps of which it is known what they must be. */
@RequiresKernel
class RunCommandTest {
  private static final String TASK = Project.example("task").toString();
  private static final String ELEMENTS = Bpfdump.fixture("target_bpf_map_elem");
  private static final String CGROUPS = Bpfdump.fixture("target_cgroup");
  private static final String SELF = Long.toString(ProcessHandle.current().pid());
  private static final String ZEROS = "bpfdump_zeros";

  @TempDir private Path dir;

  /** A file system mounted on the test's directory while the test runs. */
  private void mounted(String type, Executable test) throws Throwable {
    Exec.of("mount", "-t", type, "none", dir.toString()).run().ok();
    try {
      test.execute();
    } finally {
      Exec.of("umount", dir.toString()).run().ok();
    }
  }

  /** An array of this many zeros, pinned in a mounted directory. */
  private Path pinnedZeros(int entries) {
    Path pin = dir.resolve(ZEROS);
    Exec.sh(
            "bpftool map create %s type array key 4 value 8 entries %d name %s"
                .formatted(pin, entries, ZEROS))
        .run()
        .ok();
    return pin;
  }

  /** What a dump of it must be. */
  private static String zeros(int entries) {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < entries; i++) {
      rows.append(i).append(" 0\n");
    }
    return rows.toString();
  }

  @Test
  void aDumpOfManyReadsIsWhatTheLibraryReads() throws Throwable {
    mounted(
        "bpf",
        () -> {
          Path map = pinnedZeros(20_000);
          byte[] read;
          String receipt;
          try (Kernel kernel = LiveKernel.open();
              Dumper dumper =
                  kernel.load(
                      ObjectFile.read(Path.of(ELEMENTS)).program(), new Parameter.MapPath(map));
              Dump dump = dumper.open()) {
            read = dump.stream().readAllBytes();
            receipt = dump.receipt().toString();
          }

          Cli done = Cli.run("run", ELEMENTS, "--map", map.toString(), "--receipt");

          assertThat(done.status()).isZero();
          assertThat(done.bytes()).isEqualTo(read);
          assertThat(done.out()).isEqualTo(zeros(20_000));
          assertThat(done.err())
              .isEqualTo("bpfdump: " + receipt + "\n")
              .matches(
                  "bpfdump: %d bytes, \\d+ reads, 0 retries, complete\n".formatted(read.length));
        });
  }

  @Test
  void bytesThatAreNoTextGoThroughUnchanged() throws IOException {
    Path name = Path.of("/proc/self/comm");
    byte[] before = Files.readString(name).strip().getBytes(StandardCharsets.UTF_8);
    byte[] strange = {(byte) 0xff, 1, '\r', (byte) 0x80, (byte) 0xc3};
    Files.write(name, strange);
    try {
      Cli done = Cli.run("run", Bpfdump.fixture("target_task"), "--tid", SELF);

      assertThat(done.status()).isZero();
      assertThat(new String(done.bytes(), StandardCharsets.ISO_8859_1))
          .isEqualTo(SELF + " " + new String(strange, StandardCharsets.ISO_8859_1) + "\n");
      assertThat(done.err()).isEmpty();
    } finally {
      Files.write(name, before);
    }
  }

  @Test
  void aMapIsNamedByIdNameOrPath() throws Throwable {
    mounted(
        "bpf",
        () -> {
          String path = pinnedZeros(3).toString();
          String shown = Exec.of("bpftool", "map", "show", "pinned", path).run().ok().out();
          String id = shown.substring(0, shown.indexOf(':'));

          for (String map : List.of(id, ZEROS, path)) {
            assertThat(Cli.run("run", ELEMENTS, "--map", map))
                .as(map)
                .returns("", Cli::err)
                .returns(zeros(3), Cli::out);
          }
        });
  }

  @Test
  void aThreadIsNamedByItsId() {
    assertThat(Cli.run("run", TASK, "--tid", SELF))
        .returns("", Cli::err)
        .returns("    tgid      gid\n%8s %8s\n".formatted(SELF, SELF), Cli::out);
  }

  @Test
  void aProcessIsNamedByAnInheritedPidfd() {
    // A pidfd of this process: system call 434 is pidfd_open everywhere.
    List<String> withPidfd =
        List.of("perl", "-MPOSIX", "-e", "dup2(syscall(434, getppid, 0), 9) // die; exec @ARGV");

    List<String> rows =
        Bpfdump.runBy(withPidfd, "run", TASK, "--pidfd", "9").ok().out().lines().skip(1).toList();

    assertThat(rows)
        .contains("%8s %8s".formatted(SELF, SELF))
        .hasSizeGreaterThan(1)
        .allMatch(row -> row.startsWith("%8s ".formatted(SELF)));
    assertThat(Cli.run("run", TASK, "--pidfd", "1048576"))
        .returns(1, Cli::status)
        .matches(refused -> refused.err().contains("descriptor 1048576 as a pidfd"));
  }

  /** Cgroups one below the other, on a mount of its own for machines that have none. */
  private void withCgroups(int children, Executable test) throws Throwable {
    mounted(
        "cgroup2",
        () -> {
          Path parent = Files.createDirectory(dir.resolve("bpfdump-cli"));
          List<Path> made = new ArrayList<>(List.of(parent));
          try {
            for (int i = 0; i < children; i++) {
              made.addFirst(Files.createDirectory(parent.resolve("child" + i)));
            }
            test.execute();
          } finally {
            for (Path cgroup : made) {
              Files.delete(cgroup);
            }
          }
        });
  }

  @Test
  void aCgroupIsNamedByPathOrIdAndWalkedInTheOrderAskedFor() throws Throwable {
    withCgroups(
        1,
        () -> {
          Path parent = dir.resolve("bpfdump-cli");
          Path child = parent.resolve("child0");
          String root = id(dir);
          String top = id(parent);
          String low = id(child);

          assertThat(cgroups(parent.toString())).containsExactly(top, low);
          assertThat(cgroups(top)).containsExactly(top, low);
          assertThat(cgroups(top, "--order", "descendants_post")).containsExactly(low, top);
          assertThat(cgroups(top, "--order", "self_only")).containsExactly(top);
          assertThat(cgroups(child.toString(), "--order=ancestors_up"))
              .containsExactly(low, top, root);
        });
  }

  private static String id(Path cgroup) throws IOException {
    return Files.getAttribute(cgroup, "unix:ino").toString();
  }

  private static List<String> cgroups(String cgroup, String... more) {
    List<String> words = new ArrayList<>(List.of("run", CGROUPS, "--cgroup", cgroup));
    words.addAll(List.of(more));
    Cli done = Cli.run(words.toArray(new String[0]));
    assertThat(done.err()).isEmpty();
    return done.out().lines().toList();
  }

  @Test
  void anIncompleteDumpGivesWhatThereIsAndSaysWhy(@TempDir Path objects) throws Throwable {
    // The same program with rows of 999 bytes, of which the kernel's buffer holds 32.
    String object = Files.readString(Path.of(CGROUPS), StandardCharsets.ISO_8859_1);
    String changed = object.replace("%llu\n\0", "%999u\0");
    assertThat(changed).isNotEqualTo(object);
    String wide =
        Files.writeString(objects.resolve("wide.o"), changed, StandardCharsets.ISO_8859_1)
            .toString();
    withCgroups(
        40,
        () -> {
          String top = dir.resolve("bpfdump-cli").toString();

          Cli part = Cli.run("run", wide, "--cgroup", top);

          assertThat(part.status()).isEqualTo(3);
          assertThat(part.bytes()).hasSize(32 * 999);
          assertThat(part.err())
              .matches(
                  "bpfdump: 31968 bytes, 2 reads, 0 retries, incomplete: "
                      + ".* cgroup .* only once \\(EOPNOTSUPP\\); .*\n");
          assertThat(Cli.run("-v", "run", wide, "--cgroup", top).err())
              .startsWith(part.err())
              .contains("IncompleteException", "\tat ");
        });
  }

  @Test
  void aTargetIsNamedAsInBtfOrByItsPath() {
    assertThat(Cli.run("run", TASK, "--tid", SELF, "--target", "task").out().lines()).hasSize(2);
    for (String name : List.of("task_file", "task/file")) {
      Cli done = Cli.run("run", TASK, "--tid", SELF, "--target", name);

      // A row for each open file, of which any process of a test has these at least.
      assertThat(done.out().lines()).as(name).hasSizeGreaterThan(3);
      assertThat(done).returns(0, Cli::status).returns("", Cli::err);
    }
  }
}
