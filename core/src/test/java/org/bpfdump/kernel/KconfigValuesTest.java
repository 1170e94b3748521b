// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bpfdump.error.RelocationException;
import org.bpfdump.spec.KconfigExtern;
import org.bpfdump.spec.KconfigExtern.Form;
import org.bpfdump.spec.MapContents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the text of a kernel's configuration becomes the bytes of an extern variable. */
class KconfigValuesTest {
  private static byte[] fill(Form form, int size, boolean weak, String value) {
    MapContents.Kconfig wanted =
        new MapContents.Kconfig(size, List.of(new KconfigExtern("CONFIG_X", 0, size, form, weak)));
    Map<String, String> options = value == null ? Map.of() : Map.of("CONFIG_X", value);
    return KconfigValues.fill(
        wanted, ByteOrder.LITTLE_ENDIAN, name -> Optional.ofNullable(options.get(name)));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '^',
      value = {
        "BOOL, 1, y, 01",
        "BOOL, 1, n, 00",
        "TRISTATE, 4, y, 01000000",
        "TRISTATE, 4, m, 02000000",
        "TRISTATE, 4, n, 00000000",
        "CHAR, 1, m, 6d",
        "CHAR, 1, 7, 07",
        "UNSIGNED, 4, 1000, e8030000",
        "UNSIGNED, 4, 0xffffffff, ffffffff",
        "UNSIGNED, 8, 0xffffffffffffffff, ffffffffffffffff",
        "SIGNED, 2, -2, feff",
        "SIGNED, 1, -128, 80",
        "STRING, 4, ^\"ab\"^, 61620000",
        "STRING, 4, ^\"abcdef\"^, 61626300",
        "STRING, 4, ^\"\"^, 00000000",
      })
  void writesAnOptionInTheFormOfItsVariable(Form form, int size, String value, String hex) {
    String unquoted = value.replace("^", "");
    assertThat(fill(form, size, false, unquoted)).asHexString().isEqualToIgnoringCase(hex);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '^',
      value = {
        "BOOL, 1, m",
        "BOOL, 1, 1",
        "SIGNED, 4, y",
        "SIGNED, 1, 128",
        "SIGNED, 4, 0x80000000",
        "UNSIGNED, 1, 256",
        "UNSIGNED, 4, -1",
        "UNSIGNED, 4, twelve",
        "STRING, 8, y",
        "STRING, 8, 12",
        "TRISTATE, 4, 1",
        "UNSIGNED, 4, ^\"text\"^",
      })
  void refusesAnOptionThatDoesNotFit(Form form, int size, String value) {
    assertThatThrownBy(() -> fill(form, size, true, value.replace("^", "")))
        .isInstanceOf(RelocationException.class)
        .hasMessageContaining("CONFIG_X")
        .hasMessageContaining("does not fit the variable");
  }

  @Test
  void aMissingOptionIsZeroWhenWeakAndAnErrorWhenStrong() {
    assertThat(fill(Form.UNSIGNED, 4, true, null)).containsOnly(0);
    assertThatThrownBy(() -> fill(Form.UNSIGNED, 4, false, null))
        .isInstanceOf(RelocationException.class)
        .hasMessageContaining("CONFIG_X")
        .hasMessageContaining("__weak");
  }
}
