// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import org.bpfdump.error.RelocationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessPathTest {
  @Test
  void numbersBetweenColons() {
    assertThat(AccessPath.parse("0")).containsExactly(0);
    assertThat(AccessPath.parse("0:1:20")).containsExactly(0, 1, 20);
    assertThat(AccessPath.parse("2147483647")).containsExactly(Integer.MAX_VALUE);
  }

  @Test
  void sixtyFourStepsAndNoMore() {
    String deepest = String.join(":", Collections.nCopies(64, "7"));
    assertThat(AccessPath.parse(deepest)).hasSize(64).containsOnly(7);
    assertThatThrownBy(() -> AccessPath.parse(deepest + ":7"))
        .isInstanceOf(RelocationException.class)
        .hasMessageContaining("64 steps");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        ":0",
        "0:",
        "0::1",
        "-1",
        "+1",
        " 0",
        "0 ",
        "0:x",
        "0x1",
        "2147483648",
        "99999999999999999999999999",
        "0,1",
        "٣"
      })
  void anythingElseIsMalformed(String access) {
    assertThatThrownBy(() -> AccessPath.parse(access))
        .isInstanceOf(RelocationException.class)
        .hasMessageContaining("malformed");
  }
}
