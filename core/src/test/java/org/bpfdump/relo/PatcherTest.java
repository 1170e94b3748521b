// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bpfdump.relo.CoreRelocation.Kind.ENUMVAL_VALUE;
import static org.bpfdump.relo.CoreRelocation.Kind.FIELD_BYTE_OFFSET;
import static org.bpfdump.relo.CoreRelocation.Kind.FIELD_BYTE_SIZE;
import static org.bpfdump.relo.CoreRelocation.Kind.FIELD_EXISTS;
import static org.bpfdump.relo.Graph.member;
import static org.bpfdump.relo.Graph.value;

import org.bpfdump.asm.Code;
import org.bpfdump.error.RelocationException;
import org.junit.jupiter.api.Test;

class PatcherTest {
  private static final long POISON = Code.slot(0x85, 0, 0, 0, 195896080);

  private final Pair pair = new Pair();
  private final Graph local = pair.local;
  private final Graph kernel = pair.kernel;

  /** A local struct whose field 0 is at byte 8, where the kernel has it at {@code theirOffset}. */
  private int moved(String name, int ours, int theirs, int theirOffset) {
    kernel.struct(name, 1 << 20, member("f", theirs, theirOffset * 8));
    return local.struct(name, 64, member("f", ours, 64));
  }

  private void refused(long slot, CoreRelocation.Kind kind, int type, String why) {
    long[] slots = {slot};
    assertThatThrownBy(() -> pair.apply(slots, 0, kind, type, "0:0"))
        .isInstanceOf(RelocationException.class)
        .hasMessageContaining(why);
    assertThat(slots[0]).as("left alone").isEqualTo(slot);
  }

  @Test
  void loadsAndStoresKeepAllButTheOffset() {
    int type = moved("s", local.ulongType, kernel.ulongType, 2336);
    for (int opcode : new int[] {Pair.LDX_DW, Pair.STX_DW, 0x7a /* ST */, 0x99 /* LDXSX, b */}) {
      long before = Code.slot(opcode, 3, 4, 8, 77);
      assertThat(pair.patch(before, FIELD_BYTE_OFFSET, type, "0:0"))
          .isEqualTo(Code.slot(opcode, 3, 4, 2336, 77));
    }
  }

  @Test
  void arithmeticKeepsAllButTheNumber() {
    int type = moved("s", local.ulongType, kernel.ulongType, 40000);
    for (int opcode : new int[] {Pair.ADD_IMM, Pair.MOV_IMM, Pair.MOV32_IMM}) {
      assertThat(pair.patch(Code.slot(opcode, 3, 0, 0, 8), FIELD_BYTE_OFFSET, type, "0:0"))
          .isEqualTo(Code.slot(opcode, 3, 0, 0, 40000));
    }
  }

  @Test
  void anOffsetBeyondALoadIsRefused() {
    int reachable = moved("near", local.ulongType, kernel.ulongType, 32767);
    int type = moved("far", local.ulongType, kernel.ulongType, 32768);
    long load = Code.slot(Pair.LDX_DW, 1, 1, 8, 0);
    assertThat(Code.offset(pair.patch(load, FIELD_BYTE_OFFSET, reachable, "0:0"))).isEqualTo(32767);
    refused(load, FIELD_BYTE_OFFSET, type, "at offset 32768");
  }

  @Test
  void aValueBeyondThirtyTwoBitsIsRefused() {
    int type = local.enumeration("e", false, value("f", 8), value("g", 8), value("h", 8));
    kernel.enumeration64(
        "e", false, value("f", 1L << 32), value("g", 0xFFFF_FFFFL), value("h", -5));
    long[] slots = {Code.slot(Pair.MOV_IMM, 1, 0, 0, 8)};
    assertThatThrownBy(() -> pair.apply(slots, 0, ENUMVAL_VALUE, type, "0"))
        .hasMessageContaining("4294967296 does not fit");
    assertThatThrownBy(() -> pair.apply(slots, 0, ENUMVAL_VALUE, type, "1"))
        .hasMessageContaining("4294967295 does not fit");
    assertThat(pair.patch(Code.slot(Pair.MOV32_IMM, 1, 0, 0, 8), ENUMVAL_VALUE, type, "1"))
        .isEqualTo(Code.slot(Pair.MOV32_IMM, 1, 0, 0, -1));
    assertThat(pair.patch(slots[0], ENUMVAL_VALUE, type, "2"))
        .isEqualTo(Code.slot(Pair.MOV_IMM, 1, 0, 0, -5));
  }

  @Test
  void theOldValueMustBeTheLocalOne() {
    int type = moved("s", local.ulongType, kernel.ulongType, 16);
    refused(Code.slot(Pair.LDX_DW, 1, 1, 16, 0), FIELD_BYTE_OFFSET, type, "holds 16 where local");
    refused(Code.slot(Pair.ADD_IMM, 1, 0, 0, 9), FIELD_BYTE_OFFSET, type, "holds 9 where local");
    long[] slots = {Code.slot(Pair.LOAD_IMM64, 1, 0, 0, 8), 1L << 32};
    assertThatThrownBy(() -> pair.apply(slots, 0, FIELD_BYTE_OFFSET, type, "0:0"))
        .hasMessageContaining("holds 4294967304 where local BTF says 8");
  }

  @Test
  void unsignedAccessesTakeTheKernelsWidth() {
    int[] ours = {local.charType, local.shortType, local.uintType, local.ulongType};
    int[] theirs = {kernel.charType, kernel.shortType, kernel.uintType, kernel.ulongType};
    int[] opcodes = {Pair.LDX_B, Pair.LDX_H, Pair.LDX_W, Pair.LDX_DW};
    int[][] types = new int[4][4];
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 4; j++) {
        types[i][j] = moved("s" + i + j, ours[i], theirs[j], 24);
      }
    }
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 4; j++) {
        assertThat(
                pair.patch(
                    Code.slot(opcodes[i], 2, 3, 8, 0), FIELD_BYTE_OFFSET, types[i][j], "0:0"))
            .as("%d to %d", i, j)
            .isEqualTo(Code.slot(opcodes[j], 2, 3, 24, 0));
      }
    }
  }

  @Test
  void elementsOfArraysCountByTheirOwnWidth() {
    kernel.struct("s", 64, member("f", kernel.array(kernel.shortType, 4), 128));
    int type = local.struct("s", 64, member("f", local.array(local.uintType, 4), 0));
    assertThat(pair.patch(Code.slot(Pair.LDX_W, 2, 3, 8, 0), FIELD_BYTE_OFFSET, type, "0:0:2"))
        .isEqualTo(Code.slot(Pair.LDX_H, 2, 3, 20, 0));
  }

  @Test
  void whatAnotherWidthWouldExtendWronglyIsPoisoned() {
    int[] types = {
      moved("signed", local.intType, kernel.longType, 8),
      moved("to_signed", local.uintType, kernel.longType, 8),
      moved(
          "enum",
          local.enumeration("e", false, value("A", 1)),
          kernel.enumeration64("e", false, value("A", 1)),
          8),
      moved(
          "struct",
          local.struct("in", 4, member("x", local.intType, 0)),
          kernel.struct("in", 8, member("x", kernel.intType, 0)),
          8)
    };
    for (int type : types) {
      assertThat(pair.patch(Code.slot(Pair.LDX_W, 2, 3, 8, 0), FIELD_BYTE_OFFSET, type, "0:0"))
          .isEqualTo(POISON);
      // What computes the address and reads with a helper is none the worse for it.
      assertThat(pair.patch(Code.slot(Pair.ADD_IMM, 2, 0, 0, 8), FIELD_BYTE_OFFSET, type, "0:0"))
          .isEqualTo(Code.slot(Pair.ADD_IMM, 2, 0, 0, 8));
    }
  }

  @Test
  void aWidthThatIsNotTheFieldsIsRefused() {
    int type = moved("s", local.uintType, kernel.ulongType, 8);
    int odd = moved("odd", local.uintType, kernel.integer("u128", 16, false), 8);
    refused(
        Code.slot(Pair.LDX_H, 2, 3, 8, 0),
        FIELD_BYTE_OFFSET,
        type,
        "accesses 2 bytes where local BTF has 4");
    refused(Code.slot(Pair.LDX_W, 2, 3, 8, 0), FIELD_BYTE_OFFSET, odd, "16 bytes");
  }

  @Test
  void poisonTakesBothSlotsOfALongLoadAndOneOfTheRest() {
    int type = local.struct("gone", 64, member("f", local.intType, 64));
    long[] slots = {Code.slot(Pair.LDX_W, 2, 3, 8, 0), 42};
    assertThat(pair.apply(slots, 0, FIELD_BYTE_OFFSET, type, "0:0")).isFalse();
    assertThat(slots).containsExactly(POISON, 42);
    slots[0] = Code.slot(Pair.LOAD_IMM64, 2, 0, 0, 8);
    assertThat(pair.apply(slots, 0, FIELD_BYTE_OFFSET, type, "0:0")).isFalse();
    assertThat(slots).containsExactly(POISON, POISON);
  }

  @Test
  void instructionsThatHoldNoNumberAreRefused() {
    int type = moved("s", local.ulongType, kernel.ulongType, 16);
    refused(Code.slot(0x0f, 1, 2, 0, 8), FIELD_BYTE_OFFSET, type, "with a register");
    refused(Code.slot(0x95, 0, 0, 0, 8), FIELD_BYTE_OFFSET, type, "opcode 0x95");
    refused(Code.slot(0x20, 0, 0, 0, 8), FIELD_BYTE_OFFSET, type, "opcode 0x20");
    refused(Code.slot(Pair.LOAD_IMM64, 1, 0, 0, 8), FIELD_BYTE_OFFSET, type, "ends inside");
    long[] map = {Code.slot(Pair.LOAD_IMM64, 1, 1, 0, 8), 0};
    assertThatThrownBy(() -> pair.apply(map, 0, FIELD_BYTE_OFFSET, type, "0:0"))
        .hasMessageContaining("plain number");
    long[] cut = {Code.slot(Pair.LOAD_IMM64, 1, 0, 0, 8), 0x95};
    assertThatThrownBy(() -> pair.apply(cut, 0, FIELD_BYTE_OFFSET, type, "0:0"))
        .hasMessageContaining("plain number");
  }

  @Test
  void aSlotOutsideTheProgramIsRefused() {
    int type = moved("s", local.ulongType, kernel.ulongType, 16);
    for (int slot : new int[] {-1, 1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      long[] slots = {Code.slot(Pair.MOV_IMM, 1, 0, 0, 1)};
      assertThatThrownBy(() -> pair.apply(slots, slot, FIELD_EXISTS, type, "0:0"))
          .isInstanceOf(RelocationException.class)
          .hasMessageContaining("slot " + slot);
    }
    assertThat(pair.patch(Code.slot(Pair.MOV_IMM, 1, 0, 0, 8), FIELD_BYTE_SIZE, type, "0:0"))
        .isEqualTo(Code.slot(Pair.MOV_IMM, 1, 0, 0, 8));
  }
}
