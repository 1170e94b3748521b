// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.spec.ProgramSpec;
import org.bpfdump.testkit.Fixture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The fixtures that print something on a live kernel print the same on an image. */
class FixturesTest {
  /**
   * What an image does not do: options that the images do not tell, arenas, maps that others have.
   */
  private static final Set<String> NOT_HERE = Set.of("kconfig_kinds", "map_arena", "map_pinned");

  static List<String> kernels() {
    return TestImages.kernels();
  }

  private static boolean isAfter(String needed, String kernel) {
    return Runtime.Version.parse(needed).compareTo(Runtime.Version.parse(kernel)) > 0;
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void printWhatTheyPrintLive(String kernel) throws IOException {
    List<String> failures = new ArrayList<>();
    int run = 0;
    try (ImageKernel image = ImageKernel.open(TestImages.file(kernel))) {
      for (Fixture fixture : Fixture.all()) {
        if (!fixture.expect().equals("load")
            || fixture.values("output").isEmpty()
            || NOT_HERE.contains(fixture.name())
            || fixture.value("needs").filter(needed -> isAfter(needed, kernel)).isPresent()) {
          continue;
        }
        try {
          ObjectFile file = ObjectFile.read(fixture.object());
          ProgramSpec spec =
              fixture.value("program").isPresent()
                  ? file.program(fixture.value("program").get())
                  : file.program();
          try (ImageDumper dumper = image.load(spec);
              ImageDump dump = dumper.open()) {
            List<String> lines = dump.lines().toList();
            if (!lines.containsAll(fixture.values("output"))) {
              failures.add(fixture + ": " + lines);
            }
            run++;
          }
        } catch (BpfdumpException e) {
          failures.add(fixture + ": " + e.getMessage());
        }
      }
    }
    assertThat(failures).isEmpty();
    assertThat(run).isGreaterThan(90);
  }
}
