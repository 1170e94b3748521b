// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The version that a program asks for by LINUX_KERNEL_VERSION. */
class KernelVersionTest {
  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "6.18.44-fc-v509, '', '#1 SMP PREEMPT_DYNAMIC', 6, 18, 44",
        "6.1.0-35-amd64, '', '#1 SMP PREEMPT_DYNAMIC Debian 6.1.137-1 (2025-05-07)', 6, 1, 137",
        "5.15.0-25-generic, 'Ubuntu 5.15.0-25.25-generic 5.15.30', '#25-Ubuntu SMP', 5, 15, 30",
        "4.19.310, '', '', 4, 19, 255",
        "7.2, '', '', 7, 2, 0",
        "99999999999.1.2, '', '', 255, 1, 2",
      })
  void aDistributionsReleaseIsNotItsKernelsVersion(
      String release, String ubuntu, String version, int major, int minor, int patch) {
    assertThat(KernelVersion.number(release, ubuntu, version))
        .isEqualTo(major << 16 | minor << 8 | patch);
  }
}
