// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.cgroup;

import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.snapshot.Types;

/**
 * What walks read of cgroups. They go from one {@code struct cgroup_subsys_state} to the next, as
 * the kernel does: the one that is part of a cgroup, {@code cgroup.self}. Sources:
 * include/linux/cgroup-defs.h, include/linux/kernfs.h.
 */
final class CgroupFields {
  /** {@code CSS_ONLINE}. */
  private static final int ONLINE = 2;

  /** {@code NAME_MAX}, and its NUL. */
  private static final int LONGEST_NAME = 256;

  /** The {@code struct list_node} that a parent's list goes through. */
  final Field sibling;

  /** The {@code struct list_head} of the children. */
  final Field children;

  /** The state above, 0 for the root's. */
  final Field parent;

  private final VirtualMemory memory;
  private final long root;
  private final Field self;
  private final Field flags;
  private final Field node;
  private final Field number;
  private final Field name;

  CgroupFields(Snapshot snapshot, VirtualMemory memory) {
    Types types = snapshot.types();
    this.memory = memory;
    self = types.field("cgroup", "self");
    root = types.field("cgroup_root", "cgrp.self").at(snapshot.root(Root.CGRP_DFL_ROOT));
    sibling = types.field("cgroup_subsys_state", "sibling");
    children = types.field("cgroup_subsys_state", "children");
    parent = types.field("cgroup_subsys_state", "parent");
    flags = types.field("cgroup_subsys_state", "flags");
    node = types.field("cgroup", "kn");
    number = types.field("kernfs_node", "id");
    name = types.field("kernfs_node", "name");
  }

  /** The root of the unified hierarchy. */
  long root() {
    return root;
  }

  /** The {@code struct cgroup} that a state is part of. */
  long cgroup(long state) {
    return state - self.offset();
  }

  long parent(long state) {
    return parent.get(memory, state);
  }

  boolean isDead(long state) {
    return (flags.get(memory, state) & ONLINE) == 0;
  }

  /** What {@code Parameter.CgroupId} names it by. */
  long id(long state) {
    return number.get(memory, node.get(memory, cgroup(state)));
  }

  /** The name of its directory. */
  byte[] name(long state) {
    return memory.string(name.get(memory, node.get(memory, cgroup(state))), LONGEST_NAME);
  }
}
