// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Carets stand under what they mean. */
class QueryExceptionTest {
  private static QueryException at(String text, int start, int end) {
    return new QueryException("wrong", text, start, end);
  }

  @Test
  void aPlaceInALine() {
    assertThat(at("a + bcd", 4, 7).detail()).isEqualTo("a + bcd\n    ^^^");
    assertThat(at("a +", 3, 3).detail()).isEqualTo("a +\n   ^");
    assertThat(at("", 0, 0).detail()).isEqualTo("\n^");
  }

  @Test
  void onlyTheLineOfThePlaceIsShown() {
    String text = "a +\n  bcd\n- e";
    assertThat(at(text, 6, 9).detail()).isEqualTo("  bcd\n  ^^^");
    assertThat(at(text, 6, 9).line()).isEqualTo(2);
    assertThat(at(text, 6, 12).detail()).isEqualTo("  bcd\n  ^^^");
    assertThat(at(text, 3, 3).detail()).isEqualTo("a +\n   ^");
    assertThat(at(text, 3, 3).line()).isEqualTo(1);
    assertThat(at(text, 10, 11).detail()).isEqualTo("- e\n^");
    assertThat(at("\na", 0, 0).detail()).isEqualTo("\n^");
  }

  @Test
  void inAFileThePlaceHasAName() {
    QueryException plain = at("a +\n  bcd", 6, 9);
    assertThat(plain.file()).isEmpty();
    QueryException e = plain.inFile("task.query");
    assertThat(e.file()).contains("task.query");
    assertThat(e).hasMessage("task.query:2: wrong");
    assertThat(e.detail()).isEqualTo(plain.detail());
  }

  @Test
  void tabsAndCharactersOutsideOfTheFirstPlaneDoNotShiftIt() {
    assertThat(at("a\t\ud834\udd1e b", 5, 6).detail()).isEqualTo("a\t\ud834\udd1e b\n \t  ^");
    assertThat(at("\ud834\udd1e\ud834\udd1e", 0, 4).detail())
        .isEqualTo("\ud834\udd1e\ud834\udd1e\n^^");
  }

  @Test
  void charactersThatAreTwoColumnsWideOrNoneDoNotShiftIt() {
    assertThat(at("\"\u6f22\u5b57\" + b", 7, 8).detail())
        .isEqualTo("\"\u6f22\u5b57\" + b\n" + " ".repeat(9) + "^");
    assertThat(at("\"e\u0301\" + b", 7, 8).detail())
        .isEqualTo("\"e\u0301\" + b\n" + " ".repeat(6) + "^");
    assertThat(at("\"\ud83d\ude00\u20ac\" + b", 8, 9).detail())
        .isEqualTo("\"\ud83d\ude00\u20ac\" + b\n" + " ".repeat(8) + "^");
    assertThat(at("\uff03\ud55c", 0, 2).detail()).isEqualTo("\uff03\ud55c\n^^^^");
    assertThat(at("a\u0301", 1, 2).detail()).isEqualTo("a\u0301\n ^");
  }

  @Test
  void ofALongLineWhatIsAroundThePlaceIsShown() {
    String text = "a".repeat(5000) + "b" + "c".repeat(5000);
    String[] lines = at(text, 5000, 5001).detail().split("\n");
    assertThat(lines[0]).isEqualTo("..." + "a".repeat(100) + "b" + "c".repeat(99) + "...");
    assertThat(lines[1]).isEqualTo(" ".repeat(103) + "^");
  }
}
