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

  @Test
  void thisKernelHasAVersion() {
    assertThat(LiveConfig.version()).isGreaterThanOrEqualTo(5 << 16);
  }
}
