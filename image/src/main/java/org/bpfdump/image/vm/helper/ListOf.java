// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.vm.Machine;

/**
 * Objects of a {@code struct list_head}. One that is broken ends, one that loops uses up the
 * program's budget.
 */
final class ListOf implements Cursor {
  private final VirtualMemory memory;
  private final long head;
  private final int link;

  /** The node that was shown last; 0 at the end. */
  private long node;

  /**
   * From its start on.
   *
   * @param head address of the head
   * @param link where an object has its node
   */
  ListOf(Machine m, long head, int link) {
    memory = m.kernel();
    this.head = head;
    this.link = link;
    node = head;
  }

  @Override
  public long next(Machine machine) {
    if (node == 0) {
      return 0;
    }
    node = memory.loadOrZero(node, 8);
    if (node == head) {
      node = 0;
    }
    return node == 0 ? 0 : node - link;
  }
}
