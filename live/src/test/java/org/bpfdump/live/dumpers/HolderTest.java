// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.dumpers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;

/** What is born in a pid namespace to open a dump ends with who asked for it. */
@RequiresKernel
class HolderTest {
  private static final int ROUNDS = 8;

  /** Processes whose environment has this, which a child inherits. */
  private static List<Path> with(String mark) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        try {
          if (Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1)
              .contains(mark)) {
            found.add(process);
          }
        } catch (IOException e) {
          // it has ended, or is not ours
        }
      }
    }
    return found;
  }

  @Test
  void killedAtAnyMomentAProcessLeavesNone() throws Exception {
    long seed = System.nanoTime();
    System.out.println("HolderTest seed " + seed);
    Random random = new Random(seed);
    String mark = "holder-test-" + seed;
    for (int round = 0; round < ROUNDS; round++) {
      ProcessBuilder builder =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-Xmx128m",
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  OpeningMain.class.getName())
              .redirectError(ProcessBuilder.Redirect.INHERIT);
      builder.environment().put("BPFDUMP_MARK", mark);
      Process process = builder.start();
      try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
        assertThat(out.readLine()).isEqualTo("begin");
        Thread.sleep(random.nextInt(60));
      } finally {
        process.destroyForcibly().waitFor();
      }
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!with(mark).isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(10); // the end of a pipe has to be noticed
    }
    assertThat(with(mark)).isEmpty();
  }
}
