// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.bpfdump.image.ImageKernel;
import org.bpfdump.image.TestImages;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.kernel.Kernel;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.testkit.Project;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compiled programs that call helpers on memory of their own: as the running kernel's answer. */
@RequiresKernel
class OwnMemoryLiveTest {
  private static final Path OBJECT =
      Project.root().resolve("image/src/test/resources/helpers/own_memory.bpf.o");

  private static List<String> lines(Kernel kernel, String program) throws IOException {
    try (Dumper dumper = kernel.load(ObjectFile.read(OBJECT).program(program));
        Dump dump = dumper.open()) {
      return dump.lines().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "loops",
        "elements",
        "evicts",
        "inside",
        "filters",
        "rings",
        "ringed",
        "storage",
        "texts",
        "sized",
        "jumper",
        "twice",
        "throws",
        "catches",
        "strings",
        "counts",
        "objects",
        "keeps",
        "dynptrs"
      })
  void writesTheSameHereAndOnAnImage(String program) throws IOException {
    try (LiveKernel live = LiveKernel.open();
        ImageKernel image = ImageKernel.open(TestImages.file("7.2"))) {
      assertThat(lines(image, program)).isNotEmpty().isEqualTo(lines(live, program));
    }
  }
}
