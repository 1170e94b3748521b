// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FrameTest {
  private static final Frame BEFORE =
      new Frame(List.of("pid comm   cpu", "  1 init     5", " 20 java    10"));

  private static String drawn(Frame frame, Frame before, int height) {
    return frame.drawnAfter(before, new Terminal(80, height), true, List.of("end"));
  }

  @Test
  void whatChangedStandsOut() {
    Frame now = new Frame(List.of("pid comm   cpu", "  1 init     5", " 20 java    11"));

    assertThat(drawn(now, BEFORE, 24))
        .contains("pid comm   cpu\033[K\n", "  1 init     5\033[K\n")
        .contains(" 20 java    \033[7m11\033[0m\033[K\n");
  }

  @Test
  void aLineThatIsNewStandsOutAlsoWhereOthersMove() {
    Frame now =
        new Frame(List.of("pid comm   cpu", "  1 init     5", "  7 bash     1", " 20 java    10"));

    assertThat(drawn(now, BEFORE, 24))
        .contains("\033[7m7\033[0m \033[7mbash\033[0m", " 20 java    10\033[K\n");
  }

  @Test
  void whatDoesNotFitIsNotShown() {
    assertThat(drawn(BEFORE, Frame.EMPTY, 4))
        .contains("init")
        .doesNotContain("java")
        .doesNotContain("\033[7m")
        .endsWith("end\033[K\n\033[J");
  }
}
