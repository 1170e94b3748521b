// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.container;

import org.bpfdump.image.memory.VirtualMemory;

/**
 * Goes along a list whose nodes point back at what they were reached by, and finds loops while it
 * remembers next to nothing. The node at which a loop closes is reached by two others and points
 * back at one of them at most. So a node that points back elsewhere is looked for among those
 * passed already. One that is not there was caught in the middle of an update, or a loop is going
 * to lead to it: it is remembered, and the list goes on.
 */
abstract sealed class Links permits ListCursor, ChainCursor {
  /** Nodes of one list; more than memory is likely to have. */
  private static final int MOST = 1 << 26;

  /** Steps spent on looking back, in all lists of a cursor; sound ones need next to none. */
  private static final int LOOKING_BACK = 1 << 22;

  final VirtualMemory memory;
  private long head;
  private long at;
  private int passed;
  private int lookedBack;
  private final AddressSet suspects = new AddressSet();

  Links(VirtualMemory memory) {
    this.memory = memory;
  }

  /** Whether this ends a list that starts at {@code head}. */
  abstract boolean ends(long pointer, long head);

  /** What it is called in notes. */
  abstract String word();

  /**
   * Goes to the start of a list.
   *
   * @param head the address of its head
   */
  public final void start(long head) {
    this.head = head;
    at = head;
    passed = 0;
    suspects.clear();
  }

  /**
   * Goes to the next node.
   *
   * @return its address; 0 at the end, and ever after
   * @throws org.bpfdump.error.MemoryFaultException when the list leads out of memory
   * @throws BrokenException when it loops
   */
  public final long next() {
    if (at == 0) {
      return 0;
    }
    long last = at;
    at = 0; // the end, if what follows throws
    long node = memory.u64(last);
    if (ends(node, head)) {
      return 0;
    }
    if ((node & 7) != 0) {
      throw new BrokenException(word(), head, "leads to 0x" + Long.toHexString(node));
    }
    boolean pointsBack = memory.u64(node + 8) == last;
    if (node == head || suspects.contains(node) || (!pointsBack && isPassed(node))) {
      throw new BrokenException(word(), head, "loops");
    }
    if (!pointsBack) {
      suspects.add(node);
    }
    if (++passed > MOST) {
      throw new BrokenException(word(), head, "does not end");
    }
    at = node;
    return node;
  }

  private boolean isPassed(long node) {
    long other = head;
    for (int i = 0; i < passed; i++) {
      if (++lookedBack > LOOKING_BACK) {
        throw new BrokenException(word(), head, "does not point back");
      }
      other = memory.u64(other);
      if (other == node) {
        return true;
      }
    }
    return false;
  }
}
