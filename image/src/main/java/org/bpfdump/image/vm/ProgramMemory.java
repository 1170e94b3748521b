// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import org.bpfdump.image.walk.Buffers;

/**
 * A program's own memory: regions of bytes, at addresses that no kernel uses (bit 62 is set and bit
 * 63 is not: never canonical on a 64-bit machine). An address is {@code 1 << 62 | region << 32 |
 * offset}. Of one thread.
 */
public interface ProgramMemory extends Buffers {
  /** Whether an address means this memory, or would. */
  static boolean isOwn(long address) {
    return address >>> 62 == 1;
  }

  /** The address of a function of the program that runs, by its first slot: no memory is there. */
  static long function(int slot) {
    return 1L << 62 | slot;
  }

  /** Makes bytes reachable, which stay shared with the caller. Returns their address. */
  long add(byte[] bytes, boolean writable);

  /** Makes the region of an address unreachable. */
  void remove(long address);

  /** The bytes of the region that an address is in. */
  byte[] bytes(long address);
}
