// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.bpfdump.btf.BtfBuilder;
import org.bpfdump.btf.BtfType;
import org.bpfdump.error.UnsupportedException;
import org.junit.jupiter.api.Test;

/** Types that are broken: what is told of a struct can be relied on, or is refused in words. */
class TypesTest {
  private final BtfBuilder btf = new BtfBuilder();
  private final int number = btf.add(new BtfType.Int("int", 4, 0, 32, true, false, false));

  private void struct(String name, int size, BtfType.Member... members) {
    btf.add(new BtfType.Struct(name, size, List.of(members)));
  }

  private Types types() {
    return new Types(btf.build());
  }

  @Test
  void aMemberIsInsideItsStruct() {
    struct("sound", 8, new BtfType.Member("last", number, 32, 0));
    struct("beyond", 8, new BtfType.Member("last", number, 40, 0));
    struct("far", 8, new BtfType.Member("last", number, 0x8000_0000, 0));
    assertThat(types().field("sound", "last").offset()).isEqualTo(4);
    for (String broken : List.of("beyond", "far")) {
      assertThatThrownBy(() -> types().find(broken, "last"))
          .isInstanceOf(UnsupportedException.class)
          .hasMessage("this image's " + broken + " ends before its last: are its types broken?");
    }
  }

  @Test
  void aStructHasASize() {
    struct("sound", 8);
    struct("none", 0);
    struct("huge", 0xFFFF_FFF8);
    assertThat(types().size("sound")).isEqualTo(8);
    for (String broken : List.of("none", "huge")) {
      assertThatThrownBy(() -> types().size(broken))
          .isInstanceOf(UnsupportedException.class)
          .hasMessageEndingWith("bytes, which no kernel's has");
    }
  }

  @Test
  void aNumberThatIsWrittenHasTheSizeThatIsWritten() {
    struct("sound", 8, new BtfType.Member("id", number, 0, 0));
    struct("partly", 8, new BtfType.Member("id", number, 0, 3));
    assertThat(types().number("sound", "id", Integer.BYTES).offset()).isZero();
    assertThatThrownBy(() -> types().number("sound", "id", Long.BYTES))
        .isInstanceOf(UnsupportedException.class)
        .hasMessage("this image's sound.id has 4 bytes, which no kernel's has");
    assertThatThrownBy(() -> types().number("partly", "id", Integer.BYTES))
        .isInstanceOf(UnsupportedException.class);
  }
}
