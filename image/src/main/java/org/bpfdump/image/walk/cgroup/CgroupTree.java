// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.cgroup;

import java.util.ArrayList;
import java.util.List;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.walk.container.BrokenException;
import org.bpfdump.image.walk.container.ListCursor;

/**
 * Goes over a cgroup and what is below it, parents or children first. A child that does not point
 * back at the parent is left out with what is below it, so that each is met once.
 */
final class CgroupTree {
  /** Cgroups inside each other; deeper than any path that could name one. */
  private static final int DEEPEST = 4096;

  private final VirtualMemory memory;
  private final CgroupFields fields;
  private final boolean parentsFirst;
  private final List<ListCursor> lists = new ArrayList<>();
  private final List<Long> above = new ArrayList<>();
  private final long start;
  private boolean started;

  /** From this state on. */
  CgroupTree(VirtualMemory memory, CgroupFields fields, long start, boolean parentsFirst) {
    this.memory = memory;
    this.fields = fields;
    this.start = start;
    this.parentsFirst = parentsFirst;
  }

  /**
   * Goes to the next one.
   *
   * @return 0 at the end, and ever after
   * @throws org.bpfdump.error.MemoryFaultException when the tree leads out of memory
   * @throws BrokenException when it is no tree
   */
  long next() {
    if (!started) {
      started = true;
      enter(start);
      if (parentsFirst) {
        return start;
      }
    }
    while (!above.isEmpty()) {
      int depth = above.size();
      long state = above.getLast();
      long node = lists.get(depth - 1).next();
      if (node == 0) {
        above.removeLast();
        if (!parentsFirst) {
          return state;
        }
        continue;
      }
      long child = node - fields.sibling.offset();
      if (child == start || fields.parent(child) != state) {
        throw new BrokenException("cgroup", fields.cgroup(child), "does not point at its parent");
      }
      if (depth == DEEPEST) {
        throw new BrokenException("cgroup", fields.cgroup(child), "is too deep");
      }
      enter(child);
      if (parentsFirst) {
        return child;
      }
    }
    return 0;
  }

  private void enter(long state) {
    int depth = above.size();
    above.add(state);
    if (lists.size() == depth) {
      lists.add(new ListCursor(memory));
    }
    lists.get(depth).start(fields.children.at(state));
  }
}
