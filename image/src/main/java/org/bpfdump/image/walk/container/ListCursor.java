// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.container;

import org.bpfdump.image.memory.VirtualMemory;

/**
 * Goes along a {@code struct list_head}: a ring of nodes that starts and ends at its head. Source:
 * include/linux/list.h.
 */
public final class ListCursor extends Links {
  /** At the end of no list. */
  public ListCursor(VirtualMemory memory) {
    super(memory);
  }

  @Override
  boolean ends(long pointer, long head) {
    return pointer == head;
  }

  @Override
  String word() {
    return "list";
  }
}
