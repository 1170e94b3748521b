// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.bpfdump.image.ImageKernel;
import org.bpfdump.image.TestImages;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compiled programs that call helpers on memory of their own: as the running kernel's answer. */
@RequiresKernel
class OwnMemoryLiveTest {
  private static final HelperObject OBJECT = new HelperObject("own_memory");

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
      assertThat(OBJECT.lines(image, program)).isNotEmpty().isEqualTo(OBJECT.lines(live, program));
    }
  }
}
