// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.bpfdump.error.MemoryFaultException;
import org.junit.jupiter.api.Test;

class VirtualMemoryTest {
  /** Addresses above 2^40 are those below; page 7 is none, page 9's table is not in the file. */
  private static final Translation SHIFTED =
      address ->
          switch ((int) (address >>> PhysicalMemory.PAGE_SHIFT) & 0xFFFFFFF) {
            case 7 -> Translation.NONE;
            case 9 -> Translation.ABSENT;
            default -> address & ((1L << 40) - 1);
          };

  private static final long BASE = 1L << 40;

  private final PageFrames frames = new PageFrames();
  private final VirtualMemory memory = new VirtualMemory(frames, SHIFTED);

  @Test
  void readsNumbersOfEachSizeLittleEndian() {
    frames.at(0x1000).putLong(0x10, 0x8182_8384_8586_8788L);
    assertThat(memory.u8(BASE + 0x1010)).isEqualTo(0x88);
    assertThat(memory.u16(BASE + 0x1010)).isEqualTo(0x8788);
    assertThat(memory.u32(BASE + 0x1010)).isEqualTo(0x8586_8788L);
    assertThat(memory.s32(BASE + 0x1010)).isEqualTo(0x8586_8788);
    assertThat(memory.u64(BASE + 0x1010)).isEqualTo(0x8182_8384_8586_8788L);
    assertThat(memory.loadOrZero(BASE + 0x1011, 4)).isEqualTo(0x8485_8687L);
  }

  @Test
  void readsAcrossPages() {
    frames.at(0x1000).put(0xFFF, (byte) 0x11).put(0xFFE, (byte) 0x10);
    frames.at(0x2000).put(0, (byte) 0x12).put(1, (byte) 0x13);
    assertThat(memory.u32(BASE + 0x1FFE)).isEqualTo(0x1312_1110L);
    assertThat(memory.loadOrZero(BASE + 0x1FFE, 4)).isEqualTo(0x1312_1110L);
    // The page before is not there.
    assertThat(memory.loadOrZero(BASE + 0xFFE, 4)).isZero();
    assertThatThrownBy(() -> memory.u32(BASE + 0x2FFE))
        .isInstanceOfSatisfying(
            MemoryFaultException.class, e -> assertThat(e.address()).isEqualTo(BASE + 0x3000));
  }

  @Test
  void countsWhatTheFileDoesNotHaveAndNotWhatIsNone() {
    assertThat(memory.loadOrZero(BASE + 0x7000, 8)).isZero();
    assertThat(memory.loadOrZero(BASE + 0x7000, 8)).isZero();
    assertThat(memory.absent()).isZero();
    assertThat(memory.loadOrZero(BASE + 0x8000, 8)).isZero();
    assertThat(memory.loadOrZero(BASE + 0x8000, 8)).isZero();
    assertThat(memory.absent()).isEqualTo(2);
    assertThat(memory.loadOrZero(BASE + 0x9000, 8)).isZero();
    assertThat(memory.absent()).isEqualTo(3);
    frames.at(0xA000);
    frames.spoil(0xA000);
    assertThat(memory.loadOrZero(BASE + 0xA000, 8)).isZero();
    assertThat(memory.absent()).isEqualTo(4);
  }

  @Test
  void readsStringsUpToTheirEndOrTheMostThatIsWanted() {
    byte[] text = "x".repeat(300).getBytes(StandardCharsets.US_ASCII);
    frames.at(0x1000).put(0xFFF - 100, text, 0, 101);
    frames.at(0x2000).put(0, text, 0, 199);
    assertThat(memory.string(BASE + 0x1FFF - 100, 1000)).isEqualTo(text);
    assertThat(memory.string(BASE + 0x1FFF - 100, 20)).hasSize(20);
    assertThat(memory.string(BASE + 0x1FFF - 100, 0)).isEmpty();
    frames.at(0x2000).put(0, "y".repeat(4096).getBytes(StandardCharsets.US_ASCII));
    assertThatThrownBy(() -> memory.string(BASE + 0x2F00, 1000))
        .isInstanceOf(MemoryFaultException.class);
    assertThat(memory.string(BASE + 0x2F00, 256)).hasSize(256);
  }

  @Test
  void remembersNoPageForAnother() {
    // Pages that fall on the same place in what is remembered, in random order.
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    int pages = 64;
    for (int i = 0; i < pages; i++) {
      frames.at((long) i << 24).putLong(0, i + 1);
    }
    for (int i = 0; i < 10_000; i++) {
      int page = random.nextInt(2 * pages);
      long value = memory.loadOrZero(BASE + ((long) page << 24), 8);
      assertThat(value).isEqualTo(page < pages ? page + 1 : 0);
    }
  }
}
