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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
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
  private static final int KILLS = 200;
  private static final int AHEAD = 3;
  private static final int LONGEST_MICROS = 150_000;

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

  /** Lets a process go that is ready. */
  private static BufferedReader begin(Process process) throws IOException {
    BufferedReader out = process.inputReader();
    assertThat(out.readLine()).isEqualTo("ready");
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    return out;
  }

  /** The ids of the programs of this test that the kernel holds. */
  private List<String> programs() {
    List<String> ids = new ArrayList<>();
    for (String line : Exec.of("bpftool", "prog", "list").run().ok().out().split("\n")) {
      if (line.contains(" name " + program + " ")) {
        ids.add(line.substring(0, line.indexOf(':')));
      }
    }
    return ids;
  }

  private static int links(List<String> programs) {
    int count = 0;
    for (String line : Exec.of("bpftool", "link", "list").run().ok().out().split("\n")) {
      for (String id : programs) {
        count += line.contains(": iter  prog " + id + " ") ? 1 : 0;
      }
    }
    return count;
  }

  /** What is there must be all that there is: one program with one link, or none of either. */
  private void requireNoMoreThan(boolean dumper) throws InterruptedException {
    int expected = dumper ? 1 : 0;
    List<String> programs = programs();
    for (int wait = 0; programs.size() != expected && wait < 200; wait++) {
      Thread.sleep(10); // the kernel takes its time
      programs = programs();
    }
    assertThat(programs).hasSize(expected);
    int links = links(programs);
    for (int wait = 0; links != expected && wait < 200; wait++) {
      Thread.sleep(10);
      links = links(programs);
    }
    assertThat(links).isEqualTo(expected);
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
    assertThat(text).matches("A+|B+"); // the one or the other, and whole
    return true;
  }

  @Test
  void twoProcessesAtOneNameLeaveNothingHalfMade() throws IOException, InterruptedException {
    Process first = start(ROUNDS);
    Process second = start(ROUNDS);
    try (BufferedReader one = begin(first);
        BufferedReader other = begin(second)) {
      int read = 0;
      while (first.isAlive() || second.isAlive()) {
        read += works() ? 1 : 0;
      }
      assertThat(read).isPositive();
      assertThat(first.waitFor()).isZero();
      assertThat(second.waitFor()).isZero();
      assertThat(Integer.parseInt(one.readLine())).isPositive();
      assertThat(Integer.parseInt(other.readLine())).isPositive();
    } finally {
      first.destroyForcibly().waitFor();
      second.destroyForcibly().waitFor();
    }
    requireNoMoreThan(works());
  }

  @Test
  void killedAtAnyMomentItLeavesAWorkingDumperOrNone() throws IOException, InterruptedException {
    long seed = System.nanoTime();
    System.out.println("PinRaceTest: seed " + seed);
    Random random = new Random(seed);
    int left = 0;
    Deque<Process> ready = new ArrayDeque<>();
    try {
      for (int i = 0; i < KILLS; i++) {
        while (ready.size() < AHEAD) {
          ready.add(start(Integer.MAX_VALUE / 3)); // one starts while another works
        }
        Process process = ready.remove();
        try (BufferedReader _ = begin(process)) {
          TimeUnit.MICROSECONDS.sleep(random.nextInt(LONGEST_MICROS));
        } finally {
          process.destroyForcibly().waitFor(); // SIGKILL
        }
        boolean there = works();
        left += there ? 1 : 0;
        if (there) {
          int mode = (int) Files.getAttribute(file, "unix:mode") & 07777;
          assertThat(mode).isIn(0400, 0444);
        }
        requireNoMoreThan(there);
        Files.deleteIfExists(file);
      }
    } finally {
      for (Process process : ready) {
        process.destroyForcibly().waitFor();
      }
    }
    System.out.println("PinRaceTest: " + left + " of " + KILLS + " left a dumper");
  }
}
