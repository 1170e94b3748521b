// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bpfdump.relo.CoreRelocation.Kind.ENUMVAL_VALUE;
import static org.bpfdump.relo.CoreRelocation.Kind.FIELD_BYTE_OFFSET;
import static org.bpfdump.relo.CoreRelocation.Kind.FIELD_BYTE_SIZE;
import static org.bpfdump.relo.CoreRelocation.Kind.FIELD_EXISTS;
import static org.bpfdump.relo.CoreRelocation.Kind.TYPE_EXISTS;
import static org.bpfdump.relo.CoreRelocation.Kind.TYPE_ID_TARGET;
import static org.bpfdump.relo.Graph.member;
import static org.bpfdump.relo.Graph.value;

import java.util.List;
import org.bpfdump.error.RelocationException;
import org.junit.jupiter.api.Test;

class CandidatesTest {
  private final Pair pair = new Pair();
  private final Graph local = pair.local;
  private final Graph kernel = pair.kernel;

  @Test
  void namesakesThatAgreeAreNoAmbiguity() {
    int type = local.struct("s", 4, member("a", local.intType, 0));
    kernel.struct("s", 8, member("a", kernel.intType, 32));
    kernel.struct("s", 16, member("b", kernel.intType, 0), member("a", kernel.intType, 32));
    kernel.struct("s___2", 16, member("other", kernel.intType, 0));
    assertThat(pair.load(FIELD_BYTE_OFFSET, type, "0:0", 0)).isEqualTo(4);
  }

  @Test
  void namesakesThatDisagreeAreRefused() {
    int type = local.struct("s", 4, member("a", local.intType, 0), member("b", local.intType, 0));
    int one =
        kernel.struct("s", 8, member("a", kernel.intType, 32), member("b", kernel.intType, 0));
    int two =
        kernel.struct("s", 8, member("a", kernel.intType, 0), member("b", kernel.longType, 0));
    assertThatThrownBy(() -> pair.load(FIELD_BYTE_OFFSET, type, "0:0", 0))
        .isInstanceOf(RelocationException.class)
        .hasMessageContaining("FIELD_BYTE_OFFSET of struct s.a")
        .hasMessageContaining("bit offset 32 in type " + one + ", 0 in type " + two);
    assertThatThrownBy(() -> pair.load(FIELD_EXISTS, type, "0:0", 1))
        .isInstanceOf(RelocationException.class);
    assertThatThrownBy(() -> pair.load(FIELD_BYTE_SIZE, type, "0:1", 4))
        .isInstanceOf(RelocationException.class)
        .hasMessageContaining("value 4 in type " + one + ", 8 in type " + two);
    assertThatThrownBy(() -> pair.load(TYPE_ID_TARGET, type, "0", 0))
        .isInstanceOf(RelocationException.class);
    assertThat(pair.load(TYPE_EXISTS, type, "0", 1)).isEqualTo(1);
  }

  @Test
  void whatHasMatchedOnceRulesOutTheOthers() {
    int type = local.struct("s", 4, member("a", local.intType, 0), member("b", local.intType, 0));
    kernel.struct("s", 8, member("a", kernel.intType, 32), member("b", kernel.intType, 0));
    kernel.struct("s", 8, member("a", kernel.intType, 0));
    assertThat(pair.load(FIELD_BYTE_OFFSET, type, "0:1", 0)).isZero();
    assertThat(pair.load(FIELD_BYTE_OFFSET, type, "0:0", 0)).isEqualTo(4);
  }

  @Test
  void onlyKindsThatAreAlikeAreCandidates() {
    int type = local.enumeration("e", false, value("A", 0));
    kernel.struct("e", 4);
    kernel.typedef("e", kernel.enumeration("", false, value("A", 3)));
    assertThat(pair.load(ENUMVAL_VALUE, type, "0", 0)).isNull();
    assertThat(pair.load(TYPE_EXISTS, type, "0", 1)).isZero();
  }

  @Test
  void modulesAreAskedOnlyForWhatTheKernelLacks() {
    int common = local.struct("common", 4, member("a", local.intType, 0));
    int special = local.struct("special", 4, member("a", local.intType, 0));
    kernel.struct("common", 8, member("b", kernel.intType, 0));
    Graph module = Graph.split(kernel.build());
    module.struct("common", 8, member("a", module.intType, 32));
    int theirs = module.struct("special", 8, member("a", module.intType, 32));
    int[] asked = {0};
    CoreRelocator relocator =
        new CoreRelocator(
            local.build(),
            kernel.build(),
            () -> {
              asked[0]++;
              return List.of(module.build());
            });
    long[] slots = {Pair.LDX_W, 0xb7L | 9L << 32};
    assertThat(relocator.apply("p", slots, 0, new CoreRelocation(FIELD_BYTE_OFFSET, common, "0:0")))
        .isFalse();
    assertThat(asked[0]).isZero();
    slots[0] = Pair.LDX_W;
    assertThat(
            relocator.apply("p", slots, 0, new CoreRelocation(FIELD_BYTE_OFFSET, special, "0:0")))
        .isTrue();
    assertThat(slots[0]).isEqualTo(Pair.LDX_W | 4L << 16);
    assertThat(relocator.apply("p", slots, 1, new CoreRelocation(TYPE_ID_TARGET, special, "0")))
        .isTrue();
    assertThat(slots[1]).isEqualTo(0xb7L | (long) theirs << 32);
    assertThat(asked[0]).isEqualTo(1);
  }
}
