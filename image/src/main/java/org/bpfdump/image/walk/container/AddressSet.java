// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.container;

import java.util.Arrays;

/** Addresses that have been met. Of one thread. */
final class AddressSet {
  private static final int FEW = 16;

  private long[] slots = new long[FEW];
  private int size;

  /**
   * Adds an address, which is not 0.
   *
   * @return false when it has been there
   */
  boolean add(long address) {
    if (2 * size >= slots.length) {
      grow();
    }
    int slot = slot(address);
    if (slots[slot] == address) {
      return false;
    }
    slots[slot] = address;
    size++;
    return true;
  }

  /** Whether an address, which is not 0, is there. */
  boolean contains(long address) {
    return size > 0 && slots[slot(address)] == address;
  }

  /** Forgets them all. */
  void clear() {
    if (size == 0) {
      return;
    }
    if (slots.length > FEW) {
      slots = new long[FEW];
    } else {
      Arrays.fill(slots, 0);
    }
    size = 0;
  }

  int size() {
    return size;
  }

  private void grow() {
    long[] old = slots;
    slots = new long[2 * old.length];
    for (long address : old) {
      if (address != 0) {
        slots[slot(address)] = address;
      }
    }
  }

  private int slot(long address) {
    int mask = slots.length - 1;
    int slot = (int) ((address * 0x9E3779B97F4A7C15L) >>> 40) & mask;
    while (slots[slot] != 0 && slots[slot] != address) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
