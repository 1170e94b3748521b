// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import org.bpfdump.image.TestImages;
import org.bpfdump.testkit.HostileInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VmcoreinfoTest {
  private static Vmcoreinfo of(String text) {
    return new Vmcoreinfo(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void hasNumbersInTheBasesThatTheirKindsAreWrittenIn() {
    Vmcoreinfo info =
        of(
            """
            OSRELEASE=6.1.0
            SYMBOL(a)=ffffffff81000000
            NUMBER(b)=-278921216
            NUMBER(c)=0xffffd2ca80000000
            KERNELOFFSET=14200000
            """);
    assertThat(info.text("OSRELEASE")).contains("6.1.0");
    assertThat(info.symbol("a")).hasValue(0xFFFF_FFFF_8100_0000L);
    assertThat(info.number("b")).hasValue(-278921216);
    assertThat(info.number("c")).hasValue(0xFFFF_D2CA_8000_0000L);
    assertThat(info.kernelOffset()).hasValue(0x14200000);
  }

  @Test
  void whatIsNotThereOrNoNumberIsEmpty() {
    Vmcoreinfo info = of("SYMBOL(a)=zz\nNUMBER(b)=\nno line\n=x\nSYMBOL(c)=10");
    assertThat(info.symbol("a")).isEmpty();
    assertThat(info.number("b")).isEmpty();
    assertThat(info.number("d")).isEmpty();
    assertThat(info.text("no line")).isEmpty();
    assertThat(info.symbol("c")).hasValue(16);
    assertThat(of("").text("")).isEmpty();
    assertThat(of("A=1\0B=2\n").text("B")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("org.bpfdump.image.TestImages#kernels")
  void ofAnImageHasTheSymbolsThatTheGuestListed(String kernel) {
    Vmcoreinfo info = TestImages.shared(kernel).vmcoreinfo();
    for (String line : TestImages.truth(kernel).section("KALLSYMS")) {
      String[] words = line.split(" ");
      OptionalLong told = info.symbol(words[2]);
      if (told.isPresent()) {
        assertThat(told).hasValue(Long.parseUnsignedLong(words[0], 16));
      }
    }
    assertThat(info.symbol("_stext")).isPresent();
  }

  @Test
  void anyBytesAreLines() {
    byte[] sound = TestImages.shared("7.2").file().vmcoreinfo().orElseThrow();
    HostileInput.spoil(
        List.of(sound),
        bytes -> {
          Vmcoreinfo info = new Vmcoreinfo(bytes);
          info.symbol("_stext");
          info.number("phys_base");
        });
  }
}
