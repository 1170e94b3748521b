// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.container;

import org.bpfdump.image.memory.VirtualMemory;

/**
 * Goes along the chain of a hash bucket: a {@code struct hlist_head}, which ends with a null
 * pointer, or a {@code struct hlist_nulls_head}, which ends with an odd one. Sources:
 * include/linux/list.h, include/linux/list_nulls.h.
 */
public final class ChainCursor extends Links {
  /** At the end of no chain. */
  public ChainCursor(VirtualMemory memory) {
    super(memory);
  }

  @Override
  boolean ends(long pointer, long head) {
    return pointer == 0 || (pointer & 1) != 0;
  }

  @Override
  String word() {
    return "hash chain";
  }
}
