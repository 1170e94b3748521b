// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class X86PageTablesTest {
  private static final long PRESENT = 0x63;
  private static final long LARGE = 0xE3;
  private static final long NO_EXECUTE = 1L << 63;
  private static final long ROOT = 0x1000;

  private final PageFrames memory = new PageFrames();
  private final X86PageTables tables = new X86PageTables(memory, ROOT, false, 0);

  /** Tables for 0xffff_8880_0000_0000 and up: the second level at 0x2000, the third at 0x3000. */
  private void build() {
    memory.entry(ROOT, 273, 0x2000 | PRESENT);
    memory.entry(0x2000, 0, 0x3000 | PRESENT);
    memory.entry(0x2000, 1, 0x40000000L | LARGE | NO_EXECUTE);
    memory.entry(0x3000, 0, 0x4000 | PRESENT);
    memory.entry(0x3000, 1, 0x600000 | LARGE);
    memory.entry(0x3000, 2, 0x99000 | PRESENT);
    memory.entry(0x4000, 5, 0x7777000 | PRESENT | NO_EXECUTE | 0x07F0L << 48);
    memory.entry(0x4000, 6, 0x7778000 | 0x100);
    memory.entry(0x4000, 7, ~0x7779FFFL & ~1L);
  }

  @Test
  void findsPagesOfEachSize() {
    build();
    assertThat(tables.physical(0xFFFF_8880_0000_5123L)).isEqualTo(0x7777123);
    assertThat(tables.physical(0xFFFF_8880_0020_0000L)).isEqualTo(0x600000);
    assertThat(tables.physical(0xFFFF_8880_003F_FFFFL)).isEqualTo(0x7FFFFF);
    assertThat(tables.physical(0xFFFF_8880_4000_0001L)).isEqualTo(0x40000001);
    assertThat(tables.physical(0xFFFF_8880_7FFF_FFFFL)).isEqualTo(0x7FFFFFFF);
    // The same again, out of what is remembered.
    assertThat(tables.physical(0xFFFF_8880_0000_5FFFL)).isEqualTo(0x7777FFF);
    assertThat(tables.physical(0xFFFF_8880_0020_0008L)).isEqualTo(0x600008);
    assertThat(tables.physical(0xFFFF_8880_4000_0000L)).isEqualTo(0x40000000);
  }

  @Test
  void whatIsNotPresentIsNone() {
    build();
    // Empty; PROT_NONE; inverted, as kernels write them against L1TF.
    for (long page = 0; page <= 7; page++) {
      if (page != 5) {
        assertThat(tables.physical(0xFFFF_8880_0000_0000L + (page << 12)))
            .isEqualTo(Translation.NONE);
      }
    }
    assertThat(tables.physical(0xFFFF_8880_0060_0000L)).isEqualTo(Translation.NONE);
    assertThat(tables.physical(0xFFFF_8880_8000_0000L)).isEqualTo(Translation.NONE);
    assertThat(tables.physical(0xFFFF_9000_0000_0000L)).isEqualTo(Translation.NONE);
  }

  @Test
  void anAddressThatNoneCanBeIsNone() {
    build();
    for (long address :
        new long[] {0x0000_8880_0000_5000L, 0xFFFF_0880_0000_5000L, 1L << 62, 0x8880_0000_5000L}) {
      assertThat(tables.physical(address)).isEqualTo(Translation.NONE);
    }
  }

  @Test
  void aTableThatTheFileDoesNotHaveIsToldApart() {
    build();
    assertThat(tables.physical(0xFFFF_8880_0040_0000L)).isEqualTo(Translation.ABSENT);
    assertThat(new X86PageTables(new PageFrames(), ROOT, false, 0).physical(0))
        .isEqualTo(Translation.ABSENT);
    memory.entry(0x2000, 2, 0xABC000 | PRESENT);
    assertThat(tables.physical(0xFFFF_8880_8000_0000L)).isEqualTo(Translation.ABSENT);
    memory.spoil(0x99000);
    assertThat(tables.physical(0xFFFF_8880_0040_0000L)).isEqualTo(Translation.ABSENT);
  }

  @Test
  void fiveLevelsReachFurther() {
    X86PageTables five = new X86PageTables(memory, 0x9000, true, 0);
    build();
    memory.entry(0x9000, 0x111, ROOT | PRESENT);
    // Bits 56 to 48 choose in the highest table, the others as with four.
    long address = 0xFF11_8880_0000_5123L;
    assertThat(five.physical(address)).isEqualTo(0x7777123);
    assertThat(tables.physical(address)).isEqualTo(Translation.NONE);
    assertThat(five.physical(0xFE11_8880_0000_5123L)).isEqualTo(Translation.NONE);
    assertThat(five.physical(0xFF10_8880_0000_5123L)).isEqualTo(Translation.NONE);
  }

  @Test
  void theBitOfAnEncryptedPageIsNotOfItsAddress() {
    long bit = 1L << 47;
    X86PageTables encrypted = new X86PageTables(memory, ROOT | bit, false, bit);
    memory.entry(ROOT, 273, 0x2000 | PRESENT | bit);
    memory.entry(0x2000, 0, 0x3000 | PRESENT | bit);
    memory.entry(0x3000, 0, 0x4000 | PRESENT | bit);
    memory.entry(0x3000, 1, 0x600000 | LARGE | bit);
    memory.entry(0x4000, 5, 0x7777000 | PRESENT | bit);
    assertThat(encrypted.physical(0xFFFF_8880_0000_5123L)).isEqualTo(0x7777123);
    assertThat(encrypted.physical(0xFFFF_8880_0020_0000L)).isEqualTo(0x600000);
  }

  @Test
  void tablesThatLeadToThemselvesEnd() {
    for (int i = 0; i < 512; i++) {
      memory.entry(ROOT, i, ROOT | PRESENT);
    }
    assertThat(tables.physical(0xFFFF_8880_0000_5123L)).isEqualTo(ROOT | 0x123);
  }
}
