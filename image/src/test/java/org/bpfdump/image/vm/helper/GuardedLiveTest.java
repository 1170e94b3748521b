// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.ImageKernel;
import org.bpfdump.image.TestImages;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs with calls that images refuse: they load where constants keep those from being made, as
 * the running kernel's verifier finds too.
 */
@RequiresKernel
class GuardedLiveTest {
  private static final HelperObject OBJECT = new HelperObject("guarded");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "flag",
        "numbers",
        "bits",
        "chosen",
        "externs",
        "fields",
        "functions",
        "callbacks"
      })
  void writesTheSameHereAndOnAnImage(String program) throws IOException {
    try (LiveKernel live = LiveKernel.open();
        ImageKernel image = ImageKernel.open(TestImages.file("7.2"))) {
      assertThat(OBJECT.lines(image, program)).isNotEmpty().isEqualTo(OBJECT.lines(live, program));
    }
  }

  /** Not run on the running kernel: the last two would end this process. */
  @ParameterizedTest
  @ValueSource(strings = {"changeable", "reached", "called"})
  void isRefusedWhereTheCallCanBeReached(String program) throws IOException {
    try (ImageKernel image = ImageKernel.open(TestImages.file("7.2"))) {
      assertThatThrownBy(() -> OBJECT.lines(image, program))
          .isInstanceOf(UnsupportedException.class)
          .hasMessage(
              "program "
                  + program
                  + " calls bpf_send_signal, which has no meaning on a dead kernel");
    }
  }
}
