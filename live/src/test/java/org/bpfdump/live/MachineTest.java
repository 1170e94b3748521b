// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Facts of the machine as the kernel writes them. */
class MachineTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '^',
      value = {"0, 1", "0-3, 4", "^0-3,8^, 5", "^0,2,4-127^, 126"})
  void countsTheCpusOfAList(String list, int count) {
    assertThat(Machine.cpus(list)).isEqualTo(count);
  }

  @ParameterizedTest
  @CsvSource({"1, 4096", "4096, 4096", "4097, 8192", "300000, 524288", "0, 0", "-1, -1"})
  void aRingIsAPowerOfTwoOfPages(int asked, int size) {
    assertThat(Machine.ringSize(asked)).isEqualTo(size);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "6.18.44-fc-v509, '', '#1 SMP PREEMPT_DYNAMIC', 6, 18, 44",
        "6.1.0-35-amd64, '', '#1 SMP PREEMPT_DYNAMIC Debian 6.1.137-1 (2025-05-07)', 6, 1, 137",
        "5.15.0-25-generic, 'Ubuntu 5.15.0-25.25-generic 5.15.30', '#25-Ubuntu SMP', 5, 15, 30",
        "4.19.310, '', '', 4, 19, 255",
        "7.2, '', '', 7, 2, 0",
      })
  void aDistributionsReleaseIsNotItsKernelsVersion(
      String release, String ubuntu, String version, int major, int minor, int patch) {
    assertThat(KernelVersion.number(release, ubuntu, version))
        .isEqualTo(major << 16 | minor << 8 | patch);
  }

  @Test
  void thisKernelHasAVersion() {
    assertThat(KernelVersion.running()).isGreaterThanOrEqualTo(5 << 16);
  }
}
