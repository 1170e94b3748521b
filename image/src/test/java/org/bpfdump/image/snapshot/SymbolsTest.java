// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.bpfdump.image.TestImages;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SymbolsTest {
  @ParameterizedTest
  @MethodSource("org.bpfdump.image.TestImages#kernels")
  void haveTheAddressesAndLettersThatTheGuestsOwnListHad(String kernel) {
    Symbols symbols = TestImages.shared(kernel).symbols();
    for (String line : TestImages.truth(kernel).section("KALLSYMS")) {
      String[] words = line.split(" ");
      long address = Long.parseUnsignedLong(words[0], 16);
      assertThat(symbols.find(words[2])).as(line).isEqualTo(OptionalLong.of(address));
      int index = symbols.below(address);
      assertThat(symbols.address(index)).as(line).isEqualTo(address);
      while (!symbols.name(index).equals(words[2])) {
        index++;
        assertThat(symbols.address(index)).as(line).isEqualTo(address);
      }
      assertThat(symbols.type(index)).as(line).isEqualTo(words[1].charAt(0));
    }
  }

  @ParameterizedTest
  @MethodSource("org.bpfdump.image.TestImages#kernels")
  void areFoundByEachOfTheirNamesTheFirstOfThatName(String kernel) {
    Symbols symbols = TestImages.shared(kernel).symbols();
    Map<String, Long> first = new HashMap<>();
    for (int i = 0; i < symbols.count(); i++) {
      first.putIfAbsent(symbols.name(i), symbols.address(i));
    }
    assertThat(symbols.count()).isGreaterThan(80_000);
    first.forEach((name, address) ->
        assertThat(symbols.find(name)).as(name).isEqualTo(OptionalLong.of(address)));
    assertThat(symbols.find("no_such_symbol")).isEmpty();
    assertThat(symbols.find("")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("org.bpfdump.image.TestImages#kernels")
  void areInTheOrderOfTheirAddressesSoThatAnAddressFindsItsOwn(String kernel) {
    Symbols symbols = TestImages.shared(kernel).symbols();
    for (int i = 1; i < symbols.count(); i++) {
      assertThat(Long.compareUnsigned(symbols.address(i - 1), symbols.address(i))).isNotPositive();
      assertThat(symbols.address(symbols.below(symbols.address(i)))).isEqualTo(symbols.address(i));
    }
    assertThat(symbols.below(symbols.address(0) - 1))
        .isEqualTo(symbols.address(0) == 0 ? symbols.count() - 1 : -1);
  }
}
