// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Text takes as many columns as a terminal gives it. */
class ColumnsTest {
  @ParameterizedTest
  @CsvSource({
    "bpfdump, 7",
    "größe, 5",
    "カーネル, 8",
    "内核 5, 6",
    "커널, 4",
    "e\u0301, 1",
    "a\u200bb, 2",
    "\uff21\uff42, 4",
    "\ud83d\udc1e, 2",
    "\ud840\udc00, 2",
    "\u00e9\u20ac, 2",
    "'', 0"
  })
  void charactersAreNoneOneOrTwoColumnsWide(String text, int columns) {
    assertThat(Columns.of(text)).isEqualTo(columns);
    byte[] bytes = ("-" + text + "-").getBytes(StandardCharsets.UTF_8);
    assertThat(Columns.of(bytes, 1, bytes.length - 1)).isEqualTo(columns);
  }

  @ParameterizedTest
  @CsvSource({
    "abc, 2, ab",
    "abc, 3, abc",
    "\u5185\u6838, 3, \u5185",
    "e\u0301a, 1, e\u0301",
    "\u5185, 1, ''"
  })
  void whatFitsIsWholeCharacters(String text, int columns, String fits) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int end = Columns.fitting(bytes, 0, bytes.length, columns);
    assertThat(new String(bytes, 0, end, StandardCharsets.UTF_8)).isEqualTo(fits);
  }
}
