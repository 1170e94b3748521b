// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.Project;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An image's dumpers as files, while it is mounted. */
@RequiresKernel
class ImageMountTest {
  @TempDir private Path dir;
  private Path core;
  private String image;

  @BeforeEach
  void mount() throws Exception {
    // A name of its own, so that this mount is the one that is meant.
    image = Files.createSymbolicLink(dir.resolve("vmcore"), TestDemo.file(dir)).toString();
    core = Files.createDirectory(dir.resolve("core"));
    Bpfdump.run("--image", image, "mount", core.toString()).ok();
  }

  @AfterEach
  void unmount() {
    Exec.of(List.of("umount", core.toString())).run().ok();
  }

  private Exec.Result bpfdump(String... words) {
    String[] all = new String[words.length + 2];
    all[0] = "--image";
    all[1] = image;
    System.arraycopy(words, 0, all, 2, words.length);
    return Bpfdump.run(all);
  }

  @Test
  void dumpersArePinnedShownReadAndRemoved() throws Exception {
    String object = Project.example("task_file").toString();

    assertThat(bpfdump("dumper", "pin", object, "f1").ok().out())
        .isEqualTo(core.resolve("task/file/f1") + "\n");
    assertThat(
            bpfdump(
                    "dumper",
                    "pin",
                    "--query",
                    "task: tgid, comm where tgid == pid",
                    "leaders",
                    "--mode",
                    "0444")
                .ok()
                .out())
        .isEqualTo(core.resolve("task/leaders") + "\n");

    String run = bpfdump("run", object).ok().out();
    assertThat(Files.readString(core.resolve("task/file/f1"))).isEqualTo(run);
    assertThat(bpfdump("cat", "f1").ok().out()).isEqualTo(run);
    assertThat(Files.readString(core.resolve("task/leaders")))
        .startsWith("    tgid comm\n       1 init\n");
    assertThat(bpfdump("dumper", "show", "dumper").ok().out().lines().skip(1))
        .hasSize(2)
        .anyMatch(line -> line.matches("task/file/f1 +task/file +\\w+ +0400 .*"))
        .anyMatch(line -> line.endsWith("task: tgid, comm where tgid == pid"));

    bpfdump("dumper", "rm", "f1").ok();
    assertThat(core.resolve("task/file/f1")).doesNotExist();
    Exec.of(List.of("rm", core.resolve("task/leaders").toString())).run().ok();
    assertThat(bpfdump("dumper", "show", "dumper").ok().out()).hasLineCount(1);
  }

  @Test
  void itIsReadByWhomItsModeAllows() {
    bpfdump("dumper", "pin", "--query", "task: comm", "all", "--mode", "0444").ok();
    bpfdump("dumper", "pin", "--query", "task: comm", "mine").ok();
    List<String> nobody =
        List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "cat");

    String all = core.resolve("task/all").toString();
    assertThat(dir.toFile().setExecutable(true, false)).isTrue();
    assertThat(Exec.of(with(nobody, all)).run().ok().out()).startsWith("comm");
    assertThat(Exec.of(with(nobody, core.resolve("task/mine").toString())).run().exited(1).err())
        .contains("Permission denied");
  }

  private static List<String> with(List<String> words, String last) {
    List<String> all = new ArrayList<>(words);
    all.add(last);
    return all;
  }

  @Test
  void whatIsCopiedThereBecomesADumperOrFails() throws Exception {
    Files.copy(Project.example("ipv6_route"), core.resolve("ipv6_route/r"));
    Files.writeString(core.resolve("task/q"), "task: tgid, comm\n");

    assertThat(Files.readString(core.resolve("ipv6_route/r"))).contains("dummy0");
    assertThat(Files.readString(core.resolve("task/q"))).contains("kthreadd");
    for (String wrong : List.of("tcp/x", "task/x")) {
      Path file = core.resolve(wrong);
      assertThatThrownBy(
              () -> Files.write(file, "task/file: nonsense".getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(IOException.class);
      assertThat(file).doesNotExist();
    }
  }

  @Test
  void eachReaderHasADumpOfItsOwnAndGoesOnWhenItIsRemoved() throws Exception {
    Files.copy(Project.example("task"), core.resolve("task/t"));
    String whole = Files.readString(core.resolve("task/t"));
    try (var one = Files.newInputStream(core.resolve("task/t"));
        var two = Files.newInputStream(core.resolve("task/t"))) {
      byte[] start = one.readNBytes(100);
      Files.delete(core.resolve("task/t"));
      String first =
          new String(start, StandardCharsets.UTF_8)
              + new String(one.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(first).isEqualTo(whole);
      assertThat(new String(two.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(whole);
    }
  }

  @Test
  void theServerEndsWithTheMount() throws Exception {
    Exec.of(List.of("umount", core.toString())).run().ok();
    for (int i = 0; i < 100 && serves(); i++) {
      Thread.sleep(50);
    }
    assertThat(serves()).isFalse();
    Bpfdump.run("--image", image, "mount", core.toString()).ok();
  }

  private boolean serves() {
    return ProcessHandle.allProcesses()
        .map(process -> Path.of("/proc", Long.toString(process.pid()), "cmdline"))
        .anyMatch(line -> {
          try {
            return Files.readString(line).contains(image + "\0mount\0");
          } catch (IOException e) {
            return false;
          }
        });
  }
}
