// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.Project;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person reads when the input is no good: one line, whatever is wrong. */
class BadInputTest {
  private static final Path TASK = Project.example("task");

  @TempDir private Path dir;

  private static void says(Exec.Result result, String... parts) {
    assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).startsWith("bpfdump: ").contains(parts);
  }

  /** The same, and what to try instead. */
  private static void saysAndHints(Exec.Result result, String... parts) {
    assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
    assertThat(result.err().lines()).hasSize(2);
    assertThat(result.err())
        .startsWith("bpfdump: ")
        .contains(parts)
        .endsWith("\nbpfdump: an image needs no privilege: bpfdump --image demo dump task/file\n");
  }

  @Test
  void noSuchFile() {
    says(
        Bpfdump.run("run", dir + "/no.o"),
        "cannot read " + dir + "/no.o: no such file; give the path of a compiled BPF object");
  }

  @Test
  void aDirectory() {
    says(Bpfdump.run("run", dir.toString()), "it is a directory; name an object file in it");
  }

  @Test
  void aFileThatIsOutOfBounds() throws IOException {
    Path notADirectory = Files.createFile(dir.resolve("file"));
    says(Bpfdump.run("run", notADirectory + "/x.o"), "file/x.o: Not a directory");
    says(Bpfdump.run("run", "x".repeat(300)), "File name too long");
  }

  @Test
  void notElf() throws IOException {
    Path text = Files.writeString(dir.resolve("text.o"), "int main() {}\n");
    says(Bpfdump.run("run", text.toString()), "text.o", "not an ELF file", "clang -target bpf");
    says(Bpfdump.run("run", Files.createFile(dir.resolve("empty.o")).toString()), "empty.o");
  }

  @Test
  void wrongMachine() {
    says(
        Bpfdump.run("run", Bpfdump.fixture("object_x86")),
        "object_x86.bpf.o is for x86-64",
        "-target bpf");
  }

  @Test
  void truncated() throws IOException {
    byte[] whole = Files.readAllBytes(TASK);
    for (int length : new int[] {10, 64, whole.length / 2, whole.length - 1}) {
      Path part = Files.write(dir.resolve("part.o"), Arrays.copyOf(whole, length));
      says(Bpfdump.run("run", part.toString()), "part.o is cut short", "(at byte ");
    }
  }

  @Test
  void noBtfWhereItIsNeeded() {
    says(Bpfdump.run("run", Bpfdump.fixture("object_no_btf_map")), "no types", "-g");
  }

  @Test
  void noProgram() {
    says(
        Bpfdump.run("run", Bpfdump.fixture("object_no_program")),
        "object_no_program.bpf.o has no ",
        "iter/TARGET");
  }

  @Test
  void severalProgramsAndNoneChosen() {
    String object = Bpfdump.fixture("prog_two_in_section");
    says(Bpfdump.run("run", object), "has 2 iterator programs: choose one of first", "second");
    says(Bpfdump.run("run", object, "--program", "third"), "third", "first", "second");
  }

  @RequiresKernel
  @Test
  void oneOfSeveralProgramsCanBeChosen() {
    String object = Bpfdump.fixture("prog_two_in_section");
    assertThat(Bpfdump.run("run", object, "--program", "second").ok().err()).isEmpty();
  }

  @RequiresKernel
  @Test
  void unknownTarget() {
    says(
        Bpfdump.run("run", Bpfdump.fixture("prog_unknown_target")),
        "unknown target no_such_target",
        "task/file");
    says(
        Bpfdump.run("run", TASK.toString(), "--target", "tusk"),
        "unknown target tusk: did you mean task?");
    says(
        Bpfdump.run("run", Bpfdump.fixture("prog_no_target")),
        "does not say its target",
        "--target");
  }

  @RequiresKernel
  @Test
  void aParameterThatTheTargetDoesNotTake() {
    says(Bpfdump.run("run", TASK.toString(), "--map", "1"), "task takes no map");
    says(
        Bpfdump.run("run", Bpfdump.fixture("target_bpf_map_elem")),
        "--map",
        "the elements of one map");
  }

  @RequiresKernel
  @Test
  void noPrivilege() {
    saysAndHints(Bpfdump.runAsNobody("run", TASK.toString()), "EPERM", "run as root", "CAP_BPF");
  }

  @RequiresKernel
  @Test
  void aFileThatMayNotBeRead() throws IOException {
    Path secret = Files.copy(TASK, dir.resolve("secret.o"));
    Files.setPosixFilePermissions(secret, java.util.Set.of());
    List<String> withoutOverride =
        List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all");
    says(
        Bpfdump.runBy(withoutOverride, "run", secret.toString()),
        "cannot read " + secret + ": permission denied; ");
  }

  @RequiresKernel
  @Test
  void aKernelWithoutBtf() {
    List<String> hidden =
        List.of(
            "unshare",
            "-m",
            "sh",
            "-c",
            "mount -t tmpfs tmpfs /sys/kernel/btf && exec \"$0\" \"$@\"");
    saysAndHints(
        Bpfdump.runBy(hidden, "run", TASK.toString()), "kernel has no BTF", "CONFIG_DEBUG_INFO");
    says(Bpfdump.runBy(hidden, "dumper", "show", "target"), "kernel has no BTF");
  }

  @RequiresKernel
  @Test
  void aProgramThatTheVerifierRefusesIsShownWithItsSourceLine() {
    String object = Bpfdump.fixture("refuse_null_check");

    Exec.Result refused = Bpfdump.run("run", object).exited(1);

    assertThat(refused.err())
        .startsWith("bpfdump: the kernel refuses program no_null_check at refuse_null_check.bpf.c:")
        .contains("task->pid", "invalid mem access", "\n  processed ")
        .doesNotContain("\tat ");
    assertThat(Bpfdump.run("-v", "run", object).exited(1).err())
        .contains("\nprocessed ", "VerifierException", "\tat org.bpfdump.live");
  }

  @Test
  void withVerboseTheCauseIsShown() {
    assertThat(Bpfdump.run("run", dir + "/no.o", "-v").exited(1).err())
        .contains("Caused by: java.nio.file.NoSuchFileException", "\tat org.bpfdump.cli");
  }
}
