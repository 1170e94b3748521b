// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.cgroup;

import org.bpfdump.image.walk.GuardedWalk;
import org.bpfdump.image.walk.WalkContext;
import org.bpfdump.image.walk.container.ForwardCursor;
import org.bpfdump.image.walk.container.ListCursor;
import org.bpfdump.kernel.Parameter;

/**
 * Cgroups in an order. Those that are dead are numbered and not shown. Source:
 * kernel/bpf/cgroup_iter.c.
 */
final class CgroupWalk extends GuardedWalk {
  private final CgroupFields fields;
  private final Parameter.Order order;
  private final CgroupTree tree;
  private final ListCursor children;
  private final ForwardCursor line;
  private long only;
  private int dead;
  private int taken = 1;

  CgroupWalk(WalkContext context, CgroupFields fields, long start, Parameter.Order order) {
    super(context);
    this.fields = fields;
    this.order = order;
    only = start;
    tree = new CgroupTree(memory, fields, start, order == Parameter.Order.DESCENDANTS_PRE);
    children = new ListCursor(memory);
    children.start(fields.children.at(start));
    line = new ForwardCursor(memory, fields.parent.offset(), "line of parents");
    line.start(start);
  }

  @Override
  protected String place() {
    return "the cgroups";
  }

  @Override
  protected boolean step(long[] arguments) {
    for (long state; (state = follow()) != 0; ) {
      if (fields.isDead(state)) {
        dead++;
        continue;
      }
      taken = dead + 1;
      dead = 0;
      arguments[0] = fields.cgroup(state);
      return true;
    }
    return false;
  }

  private long follow() {
    return switch (order) {
      case SELF_ONLY -> only();
      case DESCENDANTS_PRE, DESCENDANTS_POST -> tree.next();
      case ANCESTORS_UP -> line.next();
      case CHILDREN -> {
        long node = children.next();
        yield node == 0 ? 0 : node - fields.sibling.offset();
      }
    };
  }

  private long only() {
    long state = only;
    only = 0;
    return state;
  }

  @Override
  public int taken() {
    return taken;
  }

  @Override
  public int trailing() {
    return dead;
  }
}
