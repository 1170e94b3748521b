// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bpfdump.relo.CoreRelocation.Kind.ENUMVAL_EXISTS;
import static org.bpfdump.relo.CoreRelocation.Kind.ENUMVAL_VALUE;
import static org.bpfdump.relo.Graph.value;

import org.bpfdump.error.RelocationException;
import org.junit.jupiter.api.Test;

class EnumeratorRelocationTest {
  private final Pair pair = new Pair();
  private final Graph local = pair.local;
  private final Graph kernel = pair.kernel;

  @Test
  void valuesAreFoundByNameFlavoursAside() {
    int type = local.enumeration("e___x", false, value("A", 0), value("B___y", 1), value("C", 2));
    kernel.enumeration("e", false, value("B", 77), value("A", 5));
    assertThat(pair.load(ENUMVAL_VALUE, type, "0", 0)).isEqualTo(5);
    assertThat(pair.load(ENUMVAL_VALUE, type, "1", 1)).isEqualTo(77);
    assertThat(pair.load(ENUMVAL_EXISTS, type, "1", 1)).isEqualTo(1);
    assertThat(pair.load(ENUMVAL_VALUE, type, "2", 2)).isNull();
    assertThat(pair.load(ENUMVAL_EXISTS, type, "2", 1)).isZero();
  }

  @Test
  void sixtyFourBits() {
    int type = local.enumeration("e", false, value("A", 1), value("B", 2));
    int wide = local.enumeration64("w", true, value("A", 0x1_0000_0001L));
    kernel.enumeration64("e", false, value("A", 0x8000_0000_0000_0000L), value("B", 0xFFFF_FFFFL));
    kernel.enumeration("w", true, value("A", -2));
    assertThat(pair.load(ENUMVAL_VALUE, type, "0", 1)).isEqualTo(Long.MIN_VALUE);
    assertThat(pair.load(ENUMVAL_VALUE, type, "1", 2)).isEqualTo(0xFFFF_FFFFL);
    assertThat(pair.load(ENUMVAL_VALUE, wide, "0", 0x1_0000_0001L)).isEqualTo(-2);
  }

  @Test
  void thirtyTwoBitsAreExtendedAsTheCompilerDid() {
    // BTF before enum64 has no flag for the sign: -1 is there as 0xffffffff, of an unsigned enum.
    int type = local.enumeration("e", false, value("A", 0xFFFF_FFFFL));
    kernel.enumeration("e", false, value("A", 0xFFFF_FFFEL));
    assertThat(pair.load(ENUMVAL_VALUE, type, "0", -1)).isEqualTo(-2);
    assertThat(pair.load(ENUMVAL_VALUE, type, "0", 0xFFFF_FFFFL)).isEqualTo(0xFFFF_FFFEL);
  }

  @Test
  void typedefsOfEnums() {
    int type = local.typedef("e_t", local.enumeration("", false, value("A", 0)));
    kernel.typedef("e_t", kernel.enumeration("", false, value("A", 9)));
    assertThat(pair.load(ENUMVAL_VALUE, type, "0", 0)).isEqualTo(9);
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    int type = local.enumeration("e", false, value("A", 0));
    int struct = local.struct("s", 4);
    assertThatThrownBy(() -> pair.load(ENUMVAL_VALUE, type, "1", 0))
        .isInstanceOf(RelocationException.class)
        .hasMessageContaining("ENUMVAL_VALUE of enum e")
        .hasMessageContaining("no such enumerator");
    assertThatThrownBy(() -> pair.load(ENUMVAL_VALUE, type, "0:0", 0))
        .isInstanceOf(RelocationException.class);
    assertThatThrownBy(() -> pair.load(ENUMVAL_VALUE, struct, "0", 0))
        .isInstanceOf(RelocationException.class)
        .hasMessageContaining("no enum");
  }
}
