// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bpfdump.relo.CoreRelocation.Kind.FIELD_BYTE_OFFSET;
import static org.bpfdump.relo.CoreRelocation.Kind.FIELD_BYTE_SIZE;
import static org.bpfdump.relo.CoreRelocation.Kind.FIELD_EXISTS;
import static org.bpfdump.relo.CoreRelocation.Kind.FIELD_LSHIFT_U64;
import static org.bpfdump.relo.CoreRelocation.Kind.FIELD_RSHIFT_U64;
import static org.bpfdump.relo.CoreRelocation.Kind.FIELD_SIGNED;
import static org.bpfdump.relo.Graph.bits;
import static org.bpfdump.relo.Graph.member;

import java.nio.ByteOrder;
import org.bpfdump.btf.BtfType;
import org.bpfdump.error.RelocationException;
import org.junit.jupiter.api.Test;

class FieldRelocationTest {
  private final Pair pair = new Pair();
  private final Graph local = pair.local;
  private final Graph kernel = pair.kernel;

  @Test
  void aFieldThatMoved() {
    int type = local.struct("s", 8, member("a", local.intType, 0), member("b", local.intType, 32));
    kernel.struct("s", 24, member("b", kernel.uintType, 128), member("a", kernel.intType, 160));
    assertThat(pair.load(FIELD_BYTE_OFFSET, type, "0:1", 4)).isEqualTo(16);
    assertThat(pair.load(FIELD_BYTE_OFFSET, type, "0:0", 0)).isEqualTo(20);
    assertThat(pair.load(FIELD_EXISTS, type, "0:1", 1)).isEqualTo(1);
  }

  @Test
  void aRootIndexCountsKernelSizes() {
    int type = local.struct("s", 8, member("a", local.intType, 0), member("b", local.intType, 32));
    kernel.struct("s", 24, member("b", kernel.intType, 128));
    assertThat(pair.load(FIELD_BYTE_OFFSET, type, "3:1", 28)).isEqualTo(3 * 24 + 16);
    assertThat(pair.load(FIELD_BYTE_OFFSET, type, "3", 24)).isEqualTo(72);
    assertThat(pair.load(FIELD_BYTE_SIZE, type, "0", 8)).isEqualTo(24);
  }

  @Test
  void aMissingFieldPoisonsAllButTheQuestionWhetherItExists() {
    int type = local.struct("s", 4, member("gone", local.intType, 0));
    kernel.struct("s", 4, member("here", kernel.intType, 0));
    assertThat(pair.load(FIELD_BYTE_OFFSET, type, "0:0", 0)).isNull();
    assertThat(pair.load(FIELD_BYTE_SIZE, type, "0:0", 4)).isNull();
    assertThat(pair.load(FIELD_SIGNED, type, "0:0", 1)).isNull();
    assertThat(pair.load(FIELD_LSHIFT_U64, type, "0:0", 32)).isNull();
    assertThat(pair.load(FIELD_RSHIFT_U64, type, "0:0", 32)).isNull();
    assertThat(pair.load(FIELD_EXISTS, type, "0:0", 1)).isZero();
  }

  @Test
  void aMissingTypePoisonsAsWell() {
    int type = local.struct("nowhere", 4, member("a", local.intType, 0));
    assertThat(pair.load(FIELD_BYTE_OFFSET, type, "0:0", 0)).isNull();
    assertThat(pair.load(FIELD_EXISTS, type, "0:0", 1)).isZero();
  }

  @Test
  void flavoursOfBothSidesAreLeftOut() {
    int type = local.struct("s___mine", 4, member("a", local.intType, 0));
    kernel.struct("s___2", 8, member("a", kernel.intType, 32));
    assertThat(pair.load(FIELD_BYTE_OFFSET, type, "0:0", 0)).isEqualTo(4);
  }

  @Test
  void aTypedefIsARootOfItsOwnName() {
    int anonymous = local.struct("", 4, member("a", local.intType, 0));
    int type = local.typedef("s_t", anonymous);
    int theirs = kernel.struct("", 8, member("a", kernel.intType, 32));
    kernel.typedef("s_t", theirs);
    assertThat(pair.load(FIELD_BYTE_OFFSET, type, "0:0", 0)).isEqualTo(4);
  }

  @Test
  void aStructIsNotAUnionAtTheRootButIsInside() {
    int inner = local.struct("in", 4, member("a", local.intType, 0));
    int root = local.struct("s", 4, member("i", inner, 0));
    int other = local.struct("u", 4, member("a", local.intType, 0));
    int theirInner = kernel.union("whatever", 4, member("a", kernel.intType, 0));
    kernel.struct("s", 8, member("i", theirInner, 32));
    kernel.union("u", 4, member("a", kernel.intType, 0));
    assertThat(pair.load(FIELD_BYTE_OFFSET, root, "0:0:0", 0)).isEqualTo(4);
    assertThat(pair.load(FIELD_EXISTS, other, "0:0", 1)).isZero();
  }

  @Test
  void anonymousMembersComeAndGo() {
    int localInner =
        local.struct("", 8, member("x", local.intType, 0), member("y", local.intType, 32));
    int wrapped =
        local.struct("wrapped", 16, member("p", local.longType, 0), member("", localInner, 64));
    int flat =
        local.struct("flat", 8, member("x", local.intType, 0), member("y", local.intType, 32));

    kernel.struct("wrapped", 8, member("y", kernel.intType, 32));
    int deepest = kernel.union("", 4, member("y", kernel.intType, 0));
    int deeper = kernel.struct("", 8, member("z", kernel.intType, 0), member("", deepest, 32));
    kernel.struct("flat", 24, member("x", kernel.intType, 0), member("", deeper, 128));

    assertThat(pair.load(FIELD_BYTE_OFFSET, wrapped, "0:1:1", 12)).isEqualTo(4);
    assertThat(pair.load(FIELD_BYTE_OFFSET, flat, "0:1", 4)).isEqualTo(20);
  }

  @Test
  void fieldTypesMustBeOfOneKind() {
    int to = local.struct("to", 4, member("a", local.intType, 0));
    int e = local.enumeration("colour", false, Graph.value("RED", 0));
    int f = local.add(new BtfType.Float("double", 8));
    int type =
        local.struct(
            "s",
            64,
            member("pointer", local.pointer(to), 0),
            member("integer", local.charType, 64),
            member("enum", e, 96),
            member("anon_enum", e, 128),
            member("float", f, 192),
            member("array", local.array(local.intType, 2), 256),
            member("struct", to, 320),
            member("other_enum", e, 352));
    int theirTo = kernel.struct("renamed", 4);
    kernel.struct(
        "s",
        64,
        member("pointer", kernel.pointer(kernel.intType), 8),
        member("integer", kernel.ulongType, 16),
        member("enum", kernel.enumeration("colour___x", true), 24),
        member("anon_enum", kernel.enumeration64("", true), 32),
        member("float", kernel.add(new BtfType.Float("float", 4)), 40),
        member("array", kernel.array(kernel.longType, 7), 48),
        member("struct", theirTo, 56),
        member("other_enum", kernel.enumeration("taste", false), 64));
    String[] paths = {"0:0", "0:1", "0:2", "0:3", "0:4", "0:5", "0:6", "0:7"};
    long[] exists = {1, 1, 1, 1, 1, 1, 1, 0};
    for (int i = 0; i < paths.length; i++) {
      assertThat(pair.load(FIELD_EXISTS, type, paths[i], 1)).as(paths[i]).isEqualTo(exists[i]);
    }
  }

  @Test
  void fieldsOfDifferentKindsDoNotMatch() {
    int empty = local.struct("empty", 0);
    int[] ours = {
      local.pointer(0),
      local.intType,
      empty,
      local.array(local.intType, 2),
      local.add(new BtfType.Float("double", 8))
    };
    int theirEmpty = kernel.struct("empty", 0);
    int[] theirs = {
      kernel.pointer(0),
      kernel.intType,
      theirEmpty,
      kernel.array(kernel.intType, 2),
      kernel.add(new BtfType.Float("double", 8))
    };
    int[][] types = new int[ours.length][theirs.length];
    for (int i = 0; i < ours.length; i++) {
      for (int j = 0; j < theirs.length; j++) {
        String name = "s" + i + j;
        types[i][j] = local.struct(name, 8, member("f", ours[i], 0));
        kernel.struct(name, 8, member("f", theirs[j], 0));
      }
    }
    for (int i = 0; i < ours.length; i++) {
      for (int j = 0; j < theirs.length; j++) {
        assertThat(pair.load(FIELD_EXISTS, types[i][j], "0:0", 1))
            .as("%d %d", i, j)
            .isEqualTo(i == j ? 1 : 0);
      }
    }
  }

  @Test
  void qualifiersTypedefsAndTypeTagsDoNotCount() {
    int type = local.struct("s", 8, member("f", local.pointer(local.intType), 0));
    int tagged = kernel.pointer(kernel.add(new BtfType.TypeTag("rcu", kernel.intType)));
    int qualified =
        kernel.typedef(
            "p_t", kernel.add(new BtfType.Const(kernel.add(new BtfType.Volatile(tagged)))));
    kernel.struct("s", 16, member("f", kernel.add(new BtfType.TypeTag("user", qualified)), 64));
    assertThat(pair.load(FIELD_BYTE_OFFSET, type, "0:0", 0)).isEqualTo(8);
  }

  @Test
  void arrayElementsStayInBounds() {
    int inner =
        local.struct("in", 8, member("a", local.intType, 0), member("b", local.intType, 32));
    int type = local.struct("s", 32, member("arr", local.array(inner, 4), 0));
    int theirs = kernel.struct("in", 12, member("b", kernel.intType, 64));
    kernel.struct("s", 40, member("arr", kernel.array(theirs, 3), 32));
    assertThat(pair.load(FIELD_BYTE_OFFSET, type, "0:0:2:1", 20)).isEqualTo(4 + 24 + 8);
    assertThat(pair.load(FIELD_BYTE_OFFSET, type, "0:0:3:1", 28)).isNull();
    assertThat(pair.load(FIELD_BYTE_OFFSET, type, "0:0:1", 8)).isEqualTo(16);
    assertThat(pair.load(FIELD_BYTE_SIZE, type, "0:0:1", 8)).isEqualTo(12);
    assertThat(pair.load(FIELD_BYTE_SIZE, type, "0:0", 32)).isEqualTo(36);
    assertThat(pair.load(FIELD_EXISTS, type, "0:0:3", 1)).isZero();
    assertThatThrownBy(() -> pair.load(FIELD_BYTE_OFFSET, type, "0:0:4:1", 36))
        .isInstanceOf(RelocationException.class)
        .hasMessageContaining("element 4 of 4");
    assertThatThrownBy(() -> pair.load(FIELD_SIGNED, type, "0:0:1", 0))
        .isInstanceOf(RelocationException.class)
        .hasMessageContaining("array element");
  }

  @Test
  void aFlexibleArrayHasAnyElement() {
    int type =
        local.struct(
            "s",
            4,
            member("n", local.intType, 0),
            member("arr", local.array(local.intType, 0), 32));
    kernel.struct(
        "s", 8, member("n", kernel.intType, 0), member("arr", kernel.array(kernel.intType, 0), 64));
    assertThat(pair.load(FIELD_BYTE_OFFSET, type, "0:1:5", 24)).isEqualTo(28);
  }

  @Test
  void anArrayWithoutElementsIsFlexibleOnlyAtTheEnd() {
    int type = local.struct("s", 4, member("arr", local.array(local.intType, 0), 0));
    kernel.struct(
        "s", 8, member("arr", kernel.array(kernel.intType, 0), 0), member("n", kernel.intType, 0));
    assertThat(pair.load(FIELD_EXISTS, type, "0:0:0", 1)).isZero();
  }

  @Test
  void arraysOfArrays() {
    int row = local.array(local.shortType, 3);
    int type = local.struct("s", 12, member("m", local.array(row, 2), 0));
    int theirRow = kernel.array(kernel.intType, 5);
    kernel.struct("s", 44, member("m", kernel.array(theirRow, 2), 32));
    assertThat(pair.load(FIELD_BYTE_OFFSET, type, "0:0:1:2", 10)).isEqualTo(4 + 20 + 8);
    assertThat(pair.load(FIELD_BYTE_SIZE, type, "0:0:1", 6)).isEqualTo(20);
  }

  @Test
  void signsOfIntegersAndEnums() {
    int e = local.enumeration("e", false);
    int type =
        local.struct(
            "s",
            24,
            member("a", local.intType, 0),
            member("b", local.intType, 32),
            member("e", e, 64),
            member("p", local.pointer(0), 128));
    kernel.struct(
        "s",
        24,
        member("a", kernel.uintType, 0),
        member("b", kernel.longType, 32),
        member("e", kernel.enumeration64("e", true), 64),
        member("p", kernel.pointer(0), 128));
    assertThat(pair.load(FIELD_SIGNED, type, "0:0", 1)).isEqualTo(0);
    assertThat(pair.load(FIELD_SIGNED, type, "0:1", 1)).isEqualTo(1);
    assertThat(pair.load(FIELD_SIGNED, type, "0:2", 0)).isEqualTo(1);
    assertThat(pair.load(FIELD_SIGNED, type, "0:3", 0)).isEqualTo(0);
  }

  @Test
  void shiftsOfPlainFields() {
    int type = local.struct("s", 8, member("a", local.intType, 0));
    kernel.struct("s", 8, member("a", kernel.shortType, 16));
    assertThat(pair.load(FIELD_LSHIFT_U64, type, "0:0", 32)).isEqualTo(48);
    assertThat(pair.load(FIELD_RSHIFT_U64, type, "0:0", 32)).isEqualTo(48);
  }

  @Test
  void bitfieldsAreReadThroughTheWordAroundThem() {
    int type =
        local.struct("s", 8, bits("f", local.uintType, 3, 5), bits("g", local.intType, 8, 4));
    kernel.struct("s", 16, bits("f", kernel.uintType, 77, 7), bits("g", kernel.uintType, 56, 4));
    assertThat(pair.load(FIELD_BYTE_OFFSET, type, "0:0", 12345)).isEqualTo(8);
    assertThat(pair.load(FIELD_BYTE_SIZE, type, "0:0", 12345)).isEqualTo(4);
    assertThat(pair.load(FIELD_LSHIFT_U64, type, "0:0", 12345)).isEqualTo(64 - (77 - 64 + 7));
    assertThat(pair.load(FIELD_RSHIFT_U64, type, "0:0", 59)).isEqualTo(57);
    assertThat(pair.load(FIELD_SIGNED, type, "0:1", 1)).isEqualTo(0);
    assertThatThrownBy(() -> pair.load(FIELD_RSHIFT_U64, type, "0:0", 58))
        .hasMessageContaining("holds 58 where local BTF says 59");
  }

  @Test
  void aBitfieldAcrossItsWordTakesALargerOne() {
    int type =
        local.struct("s", 8, bits("f", local.charType, 0, 5), bits("h", local.charType, 5, 3));
    kernel.struct("s", 16, bits("f", kernel.charType, 14, 5), bits("h", kernel.charType, 62, 4));
    assertThat(pair.load(FIELD_BYTE_SIZE, type, "0:0", 1)).isEqualTo(4);
    assertThat(pair.load(FIELD_BYTE_OFFSET, type, "0:0", 0)).isEqualTo(0);
    assertThat(pair.load(FIELD_LSHIFT_U64, type, "0:0", 59)).isEqualTo(64 - 19);
    assertThatThrownBy(() -> pair.load(FIELD_BYTE_SIZE, type, "0:1", 1))
        .isInstanceOf(RelocationException.class)
        .hasMessageContaining("64-bit words");
  }

  @Test
  void bitfieldsOfABigEndianMachine() {
    Pair big = new Pair(ByteOrder.BIG_ENDIAN);
    int type = big.local.struct("s", 8, bits("f", big.local.uintType, 3, 5));
    big.kernel.struct("s", 16, bits("f", big.kernel.uintType, 77, 7));
    assertThat(big.load(FIELD_BYTE_OFFSET, type, "0:0", 0)).isEqualTo(8);
    assertThat(big.load(FIELD_LSHIFT_U64, type, "0:0", 35)).isEqualTo(32 + 13);
    assertThat(big.load(FIELD_RSHIFT_U64, type, "0:0", 59)).isEqualTo(57);
  }

  @Test
  void aPlainFieldMayBecomeABitfieldAndBack() {
    int type =
        local.struct("s", 8, member("a", local.uintType, 0), bits("b", local.uintType, 32, 3));
    kernel.struct("s", 8, bits("a", kernel.uintType, 1, 3), member("b", kernel.charType, 48));
    assertThat(pair.load(FIELD_BYTE_SIZE, type, "0:0", 4)).isEqualTo(4);
    assertThat(pair.load(FIELD_RSHIFT_U64, type, "0:0", 32)).isEqualTo(61);
    assertThat(pair.load(FIELD_BYTE_OFFSET, type, "0:1", 0)).isEqualTo(6);
    assertThat(pair.load(FIELD_LSHIFT_U64, type, "0:1", 0)).isEqualTo(56);
  }

  @Test
  void anonymousRootsCannotBeLookedFor() {
    int type = local.struct("", 4, member("a", local.intType, 0));
    assertThatThrownBy(() -> pair.load(FIELD_BYTE_OFFSET, type, "0:0", 0))
        .isInstanceOf(RelocationException.class)
        .hasMessage(
            "cannot relocate slot 0 of program prog (FIELD_BYTE_OFFSET of struct (no name).a): a type"
                + " without a name cannot be looked for in the kernel; give it its name there");
  }

  @Test
  void messagesSpellThePathAsCDoes() {
    int inner = local.struct("in", 8, member("x", local.array(local.intType, 2), 0));
    int anonymous = local.union("", 8, member("i", local.array(inner, 1), 0));
    int type = local.struct("outer", 8, member("", anonymous, 0));
    CoreRelocation relocation = new CoreRelocation(FIELD_BYTE_SIZE, type, "2:0:0:0:0:1");
    assertThat(pair.relocator().describe(relocation))
        .isEqualTo("FIELD_BYTE_SIZE of struct outer[2].i[0].x[1]");
    assertThat(pair.relocator().describe(new CoreRelocation(FIELD_EXISTS, 9999, "0:1")))
        .isEqualTo("FIELD_EXISTS of type 9999 + 0:1");
  }
}
