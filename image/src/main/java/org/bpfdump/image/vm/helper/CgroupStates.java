// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.vm.Machine;

/**
 * A cgroup's state and those below or above it. A tree that is broken ends the walk, one that loops
 * uses up the program's budget. Source: kernel/cgroup/cgroup.c, {@code css_next_descendant_pre}.
 */
final class CgroupStates implements Cursor {
  private static final int PRE = 2;
  private static final int POST = 3;
  private static final int UP = 4;

  private final long root;
  private final int order;
  private final VirtualMemory memory;
  private final Field parent;
  private final Field children;
  private final Field sibling;
  private long now;
  private boolean ended;

  private CgroupStates(Machine m, long root, int order) {
    this.root = root;
    this.order = order;
    memory = m.kernel();
    Types types = m.snapshot().types();
    parent = types.field("cgroup_subsys_state", "parent");
    children = types.field("cgroup_subsys_state", "children");
    sibling = types.field("cgroup_subsys_state", "sibling");
  }

  /** A walk; null when there is no such order. */
  static Cursor of(Machine m, long root, int order) {
    return root == 0 || order < PRE || order > UP ? null : new CgroupStates(m, root, order);
  }

  @Override
  public long next(Machine m) {
    if (!ended) {
      now =
          switch (order) {
            case PRE -> pre(m);
            case POST -> post(m);
            default -> now == 0 ? root : above(now);
          };
      ended = now == 0;
    }
    return ended ? 0 : now;
  }

  private long above(long state) {
    return memory.loadOrZero(parent.at(state), 8);
  }

  private long firstChild(long state) {
    return entry(children.at(state), state);
  }

  /** The state that a list goes on with; 0 at its head, which the parent has. */
  private long entry(long link, long owner) {
    long next = memory.loadOrZero(link, 8);
    return next == 0 || next == children.at(owner) ? 0 : next - sibling.offset();
  }

  private long nextSibling(long state) {
    long owner = above(state);
    return owner == 0 ? 0 : entry(sibling.at(state), owner);
  }

  private long pre(Machine m) {
    if (now == 0) {
      return root;
    }
    long below = firstChild(now);
    if (below != 0) {
      return below;
    }
    for (long at = now; at != root && at != 0; at = above(at)) {
      m.charge(1);
      long beside = nextSibling(at);
      if (beside != 0) {
        return beside;
      }
    }
    return 0;
  }

  private long post(Machine m) {
    if (now == 0) {
      return deepest(m, root);
    }
    if (now == root) {
      return 0;
    }
    long beside = nextSibling(now);
    return beside != 0 ? deepest(m, beside) : above(now);
  }

  private long deepest(Machine m, long state) {
    long at = state;
    for (long below = firstChild(at); below != 0; below = firstChild(at)) {
      m.charge(1);
      at = below;
    }
    return at;
  }
}
