// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Names, members and types on kernels of several years; {@link Form} says how plans are written.
 */
class CheckerTest {
  @ParameterizedTest
  @ValueSource(strings = {"running", "5.10", "7.3"})
  void aMemberIsReadAtItsPlaceWithItsType(String kernel) {
    Checking task = Checking.of(kernel, "task");
    long tgid = task.offset("task_struct", "tgid");
    assertThat(task.column("tgid")).isEqualTo("s32[ctx8?+" + tgid + "] decimal");
    assertThat(task.column("task.tgid")).isEqualTo(task.column("tgid"));
    assertThat(task.column("comm"))
        .isEqualTo("chars16[ctx8?+" + task.offset("task_struct", "comm") + "]");
    assertThat(task.column("cred.uid"))
        .isEqualTo(
            "u32[cred*[ctx8?+"
                + task.offset("task_struct", "cred")
                + "]+"
                + task.offset("cred", "uid")
                + "] decimal");
  }

  @ParameterizedTest
  @ValueSource(strings = {"running", "5.10", "7.3"})
  void theFirstThatTheKernelHasIsTaken(String kernel) {
    Checking task = Checking.of(kernel, "task");
    boolean renamed = task.names("task_struct").contains("__state");
    assertThat(task.column("either(__state, state)"))
        .isEqualTo(task.column(renamed ? "__state" : "state"));
  }

  @Test
  void numbersAreConvertedAsInC() {
    Checking task = Checking.of("running", "task");
    assertThat(task.where("-1 > 1u")).isEqualTo("1:s32");
    assertThat(task.where("-1 > 1")).isEqualTo("0:s32");
    assertThat(task.where("-1L < 1u")).isEqualTo("1:s32");
    assertThat(task.where("0xffffffff == -1")).isEqualTo("1:s32");
    assertThat(task.where("4294967295 == -1")).isEqualTo("0:s32");
    assertThat(task.where("(unsigned char)300")).isEqualTo("44:u8");
    assertThat(task.where("(char)200 << 24 >> 24"))
        .isEqualTo(task.where("(char)200 == 200 ? 200 << 24 >> 24 : -56"));
    assertThat(task.where("18446744073709551615u / 10")).isEqualTo("1844674407370955161:u64");
    String tgid = "s32[ctx8?+" + task.offset("task_struct", "tgid") + "]";
    assertThat(task.where("tgid < 10u")).isEqualTo("(u32(" + tgid + ") LESS:u 10:u32)");
    assertThat(task.where("tgid < 10")).isEqualTo("(" + tgid + " LESS:s 10:s32)");
  }
}
