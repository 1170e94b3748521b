// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

@NoLeaks
class ExecTest {
  @Test
  void capturesBothStreamsAndTheExitCode() {
    Exec.Result result =
        Exec.sh("cat; printf '%s\\303\\251' $V >&2; exit 3")
            .input(bytes(200_000))
            .env("V", "caf")
            .run();

    assertThat(result.outBytes()).isEqualTo(bytes(200_000));
    assertThat(result.err()).isEqualTo("café");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThatThrownBy(result::ok)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("code 3");
  }

  @Test
  void aProgramThatDoesNotReadItsInputStillEnds() {
    assertThat(Exec.of("true").input(bytes(1_000_000)).run().ok().out()).isEmpty();
  }

  @Test
  void killsWhatTakesTooLong() {
    Exec sleepers =
        Exec.sh("echo started; sleep 4711 & sleep 4711").timeout(Duration.ofMillis(300));

    assertThatThrownBy(sleepers::run)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("not done after PT0.3S; out: started");
    assertThat(Exec.of("pgrep", "-f", "^sleep 4711").run().out()).isEmpty();
  }

  private static byte[] bytes(int n) {
    byte[] bytes = new byte[n];
    Arrays.fill(bytes, (byte) 'x');
    return bytes;
  }
}
