// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.bpfdump.error.ProgramException;
import org.bpfdump.image.walk.Buffers;
import org.junit.jupiter.api.Test;

class RegionsTest {
  @Test
  void findsBytesByAnyAddressInARegion() {
    Regions regions = new Regions();
    byte[] bytes = new byte[100];
    long address = regions.add(bytes, true);
    assertThat(ProgramMemory.isOwn(address)).isTrue();
    assertThat(regions.bytes(address + 99)).isSameAs(bytes);
    assertThat(regions.writable(address + 92, 8)).isSameAs(bytes);
  }

  @Test
  void checksBothEndsOfARegion() {
    Regions regions = new Regions();
    regions.allocate(8, true);
    long address = regions.allocate(16, true).address();
    regions.allocate(8, true);
    assertThatThrownBy(() -> regions.readable(address + 9, 8))
        .isInstanceOf(ProgramException.class)
        .hasMessage("reads 8 bytes at 0x4000000200000009, offset 9 of a piece of 16 bytes");
    assertThatThrownBy(() -> regions.readable(address - 1, 1)).isInstanceOf(ProgramException.class);
    assertThatThrownBy(() -> regions.readable(address + Integer.MIN_VALUE, 1))
        .isInstanceOf(ProgramException.class);
    assertThatThrownBy(() -> regions.readable(address | 0x80000000L, 8))
        .isInstanceOf(ProgramException.class);
  }

  @Test
  void keepsWhatMayOnlyBeReadFromBeingWritten() {
    Regions regions = new Regions();
    long address = regions.add(new byte[8], false);
    assertThat(regions.readable(address, 8)).hasSize(8);
    assertThatThrownBy(() -> regions.writable(address, 8))
        .isInstanceOf(ProgramException.class)
        .hasMessage("writes 8 bytes at 0x4000000100000000, which may only be read");
  }

  @Test
  void givesNoAddressTwiceAndForgetsTheRemoved() {
    Regions regions = new Regions();
    Set<Long> seen = new HashSet<>();
    long last = 0;
    for (int i = 0; i < 5000; i++) {
      if (last != 0) {
        regions.remove(last);
        long gone = last;
        assertThatThrownBy(() -> regions.bytes(gone)).isInstanceOf(ProgramException.class);
      }
      last = regions.allocate(1 << 16, true).address();
      assertThat(seen.add(last)).isTrue();
    }
  }

  @Test
  void refusesMoreThanItsLimit() {
    Regions regions = new Regions();
    Buffers.Buffer half = regions.allocate((int) (Regions.MOST / 2), true);
    assertThatThrownBy(() -> regions.allocate((int) (Regions.MOST / 2) + 1, true))
        .isInstanceOf(ProgramException.class)
        .hasMessage("needs more than 256 MiB of memory of its own, which is the most");
    regions.remove(half.address());
    assertThat(regions.allocate((int) (Regions.MOST / 2) + 1, true).bytes()).isNotEmpty();
  }
}
