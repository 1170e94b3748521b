// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bpfdump.image.GroundTruth;
import org.bpfdump.image.ImageDump;
import org.bpfdump.image.ImageDumper;
import org.bpfdump.image.ImageKernel;
import org.bpfdump.image.TestImages;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.testkit.Project;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Helpers that answer from the image, against what its guest said of itself. */
class OnImageTest {
  private static final Path OBJECT =
      Project.root().resolve("image/src/test/resources/helpers/on_image.bpf.o");

  static List<String> kernels() {
    return TestImages.kernels();
  }

  private static List<String> lines(String kernel, String program) throws IOException {
    try (ImageKernel image = ImageKernel.open(TestImages.file(kernel));
        ImageDumper dumper = image.load(ObjectFile.read(OBJECT).program(program));
        ImageDump dump = dumper.open()) {
      return dump.lines().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void aSocketIsOfItsKindOnly(String kernel) throws IOException {
    GroundTruth truth = TestImages.truth(kernel);
    List<String> expected = new ArrayList<>();
    for (String version : List.of("tcp", "tcp6")) {
      for (String line : truth.file("/proc/net/" + version)) {
        String[] words = line.trim().split("\\s+");
        if (words[0].equals("sl")) {
          continue;
        }
        boolean waits = words[3].equals("06");
        boolean full = !waits;
        int unread = Integer.parseInt(words[4].split(":")[1], 16);
        expected.add(
            words[11]
                + (full ? " 1" : " 0")
                + (full && version.equals("tcp6") ? " 1" : " 0")
                + (waits ? " 1" : " 0")
                + " 0 0 0 "
                + (words[3].equals("0A") ? "0" : Integer.toHexString(unread)));
      }
    }
    assertThat(lines(kernel, "kinds")).containsExactlyInAnyOrderElementsOf(expected);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void udpAndUnixSocketsAreKnownToo(String kernel) throws IOException {
    GroundTruth truth = TestImages.truth(kernel);
    List<String> datagrams = new ArrayList<>();
    for (String version : List.of("udp", "udp6")) {
      for (String line : truth.file("/proc/net/" + version)) {
        String[] words = line.trim().split("\\s+");
        if (!words[0].equals("sl")) {
          datagrams.add(words[11] + (version.equals("udp6") ? " 1" : " 0") + " 0");
        }
      }
    }
    assertThat(lines(kernel, "datagrams")).containsExactlyInAnyOrderElementsOf(datagrams);
    List<String> locals =
        truth.file("/proc/net/unix").stream()
            .filter(line -> !line.startsWith("Num"))
            .map(line -> line.substring(0, line.indexOf(':')) + " 1 0")
            .toList();
    assertThat(lines(kernel, "locals")).containsExactlyInAnyOrderElementsOf(locals);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void clocksStandAMomentAfterTheGuestLooked(String kernel) throws IOException {
    String uptime = TestImages.truth(kernel).file("/proc/uptime").getFirst().split(" ")[0];
    long told = (long) (1e9 * Double.parseDouble(uptime));
    long[] clocks =
        Arrays.stream(lines(kernel, "clocks").getFirst().split(" "))
            .mapToLong(Long::parseLong)
            .toArray();
    assertThat(clocks[0]).isBetween(told, told + 5_000_000_000L);
    // It never slept.
    assertThat(clocks[1]).isEqualTo(clocks[0]);
    assertThat(clocks[2]).isGreaterThan(1_700_000_000_000_000_000L);
    // Jiffies start five minutes before 2^32, at 250, 300 or 1000 a second.
    double seconds = clocks[0] / 1e9;
    long since = clocks[3] & 0xFFFF_FFFFL;
    assertThat(List.of(100, 250, 300, 1000))
        .anyMatch(hz -> Math.abs(((since + 300L * hz) & 0xFFFF_FFFFL) - seconds * hz) < hz);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void argumentsOfProcessesAreReadInTheirOwnMemory(String kernel) throws IOException {
    int read = 0;
    for (String line : lines(kernel, "arguments")) {
      // Registers of a process are the user's own.
      assertThat(line).endsWith(" 3 3, 1 -14");
      String[] words = line.split(" ");
      if (words[1].equals("-14")) {
        continue; // The image has not all pages of processes.
      }
      assertThat(words[1]).isEqualTo("0");
      // Programs change the names that the guest shows, not what they were called by.
      String file = words[2].substring(words[2].lastIndexOf('/') + 1);
      if (words[0].equals("1")) {
        assertThat(file).isEqualTo("sh");
      } else {
        assertThat(file).isIn("nc", "sleep", "world", "gt");
      }
      read++;
    }
    assertThat(read).isEqualTo(kernel.equals("6.1") ? 1 : 11);
  }
}
