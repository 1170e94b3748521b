// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.NoLeaks;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to who pins, replaces and removes, what is there is a dumper that works. */
@RequiresKernel
@NoLeaks
class PinRaceTest {
  private static final int ROUNDS = 50;
  private static final int KILLS = 20;

  @TempDir private Path dir;

  private Path file;
  private final String program = "pin" + ProcessHandle.current().pid();

  @BeforeEach
  void mount() {
    Exec.of("mount", "-t", "bpf", "bpf", dir.toString()).run().ok();
    file = dir.resolve("tree").resolve("bpf_link/f");
    try (LiveKernel kernel = LiveKernel.open()) {
      assertThat(file.getParent())
          .isEqualTo(dir.resolve("tree").resolve(kernel.target(PinMain.TARGET).path()));
      DumperTree.of(kernel, dir.resolve("tree")).make();
    }
  }

  @AfterEach
  void unmount() {
    Exec.of("umount", dir.toString()).run().ok();
  }

  private Process start(int rounds) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx128m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            PinMain.class.getName(),
            dir.resolve("tree").toString(),
            program,
            Integer.toString(rounds))
        .redirectError(Redirect.INHERIT)
        .start();
  }

  /** How many programs of this test the kernel holds. */
  private long programs() {
    return Exec.of("bpftool", "prog", "list")
        .run()
        .ok()
        .out()
        .lines()
        .filter(line -> line.contains(" name " + program + " "))
        .count();
  }

  private void requirePrograms(long count) throws InterruptedException {
    for (int wait = 0; programs() != count && wait < 200; wait++) {
      Thread.sleep(10); // the kernel takes its time
    }
    assertThat(programs()).isEqualTo(count);
  }

  /** Reads the dumper when it is there. */
  private boolean works() throws IOException {
    String text;
    try (InputStream in = Files.newInputStream(file)) {
      // Java's other methods seek, which no iterator can.
      byte[] bytes = new byte[1 << 16];
      text = new String(bytes, 0, Math.max(0, in.read(bytes)), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return false;
    }
    assertThat(text).matches("A+");
    return true;
  }

  @Test
  void twoProcessesAtOneNameLeaveNothingHalfMade() throws IOException, InterruptedException {
    Process first = start(ROUNDS);
    Process second = start(ROUNDS);
    try {
      int read = 0;
      while (first.isAlive() || second.isAlive()) {
        read += works() ? 1 : 0;
      }
      assertThat(read).isPositive();
      for (Process process : new Process[] {first, second}) {
        assertThat(process.waitFor()).isZero();
        try (BufferedReader out = process.inputReader()) {
          assertThat(out.readLine()).isEqualTo("begin");
          assertThat(Integer.parseInt(out.readLine())).isPositive();
        }
      }
    } finally {
      first.destroyForcibly().waitFor();
      second.destroyForcibly().waitFor();
    }
    requirePrograms(works() ? 1 : 0);
  }

  @Test
  void killedAtAnyMomentItLeavesAWorkingDumperOrNone() throws IOException, InterruptedException {
    long seed = System.nanoTime();
    System.out.println("PinRaceTest: seed " + seed);
    Random random = new Random(seed);
    int left = 0;
    for (int i = 0; i < KILLS; i++) {
      Files.deleteIfExists(file);
      Process process = start(Integer.MAX_VALUE / 3);
      try (BufferedReader out = process.inputReader()) {
        assertThat(out.readLine()).isEqualTo("begin");
        TimeUnit.MICROSECONDS.sleep(random.nextInt(100_000));
      } finally {
        process.destroyForcibly().waitFor(); // SIGKILL
      }
      boolean there = works();
      left += there ? 1 : 0;
      if (there) {
        int mode = (int) Files.getAttribute(file, "unix:mode") & 07777;
        assertThat(mode).isIn(0400, 0444);
      }
      requirePrograms(there ? 1 : 0);
    }
    System.out.println("PinRaceTest: " + left + " of " + KILLS + " left a dumper");
  }
}
