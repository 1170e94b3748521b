// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.bpfdump.testkit.Exec;
import org.junit.jupiter.api.Test;

class ResultsTest {
  private static Outcome ratios(double... ratios) {
    return Outcome.ratio("row", "what", "peer", 1.05, ratios, List.of("How."));
  }

  @Test
  void theMedianOfARatioIsHeldAgainstItsTarget() {
    assertThat(ratios(9, 1.05, 0.5).verdict()).isEqualTo("reached");
    assertThat(ratios(1.06, 1.06, 0.5).verdict()).isEqualTo("not reached");
  }

  @Test
  void aRowTellsTargetSpreadAndVerdict() throws IOException {
    assertThat(Results.markdown(List.of(ratios(2, 1, 3))))
        .contains("| row | what | peer | 1.05 times | 1.00 | 2.00 | 3.00 | not reached |")
        .contains("## row\n\n- How.\n");
  }

  @Test
  void resultsDoNotNameTheMachine() throws IOException {
    String host = Exec.of("uname", "-n").run().out().strip();
    String release = Exec.of("uname", "-r").run().out().strip();
    assertThat(Results.markdown(List.of()))
        .doesNotContain(" " + host + " ")
        .contains("Linux " + release.replaceAll("[^0-9.].*", "") + " ");
  }
}
