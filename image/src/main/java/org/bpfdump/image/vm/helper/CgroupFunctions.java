// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.vm.Machine;

/**
 * Kernel functions on cgroups. A tree that is broken ends there. Sources: kernel/bpf/helpers.c,
 * kernel/cgroup/cgroup.c, kernel/cgroup/cgroup-v1.c.
 */
final class CgroupFunctions {
  /** More levels than cgroups have. */
  private static final int DEEPEST = 1 << 12;

  /** {@code BPF_CGROUP_ITER_DESCENDANTS_PRE}. */
  private static final int PRE = 2;

  /** {@code CSS_ONLINE}. */
  private static final int ONLINE = 2;

  private CgroupFunctions() {}

  private static int self(Types types) {
    return types.field("cgroup", "self").offset();
  }

  private static long parent(Machine m, long cgroup) {
    Types types = m.snapshot().types();
    int self = self(types);
    Field parent = types.field("cgroup_subsys_state", "parent");
    long above = m.kernel().loadOrZero(parent.at(cgroup + self), 8);
    return above == 0 ? 0 : above - self;
  }

  private static long setOf(Machine m, long task) {
    return m.kernel().loadOrZero(m.snapshot().types().field("task_struct", "cgroups").at(task), 8);
  }

  /** {@code bpf_cgroup_ancestor}: the one at a level; 0 when it is below or none. */
  static long ancestor(Machine m, long cgroup, long level, long r3, long r4, long r5) {
    Field depth = m.snapshot().types().field("cgroup", "level");
    long at = cgroup;
    for (int i = 0; i < DEEPEST && at != 0; i++) {
      int now = (int) m.kernel().loadOrZero(depth.at(at), 4);
      if (now <= (int) level) {
        return now == (int) level ? at : 0;
      }
      at = parent(m, at);
    }
    return 0;
  }

  /** {@code bpf_task_under_cgroup}. */
  static long under(Machine m, long task, long cgroup, long r3, long r4, long r5) {
    Field unified = m.snapshot().types().field("css_set", "dfl_cgrp");
    long at = m.kernel().loadOrZero(unified.at(setOf(m, task)), 8);
    for (int i = 0; i < DEEPEST && at != 0; i++) {
      if (at == cgroup) {
        return 1;
      }
      at = parent(m, at);
    }
    return 0;
  }

  /** {@code bpf_cgroup_from_id}: one of the unified hierarchy that has not been removed. */
  static long fromId(Machine m, long id, long r2, long r3, long r4, long r5) {
    Types types = m.snapshot().types();
    VirtualMemory memory = m.kernel();
    int self = self(types);
    Field flags = types.field("cgroup_subsys_state", "flags");
    Field node = types.field("cgroup", "kn");
    Field number = types.field("kernfs_node", "id");
    long root = types.field("cgroup_root", "cgrp").at(m.snapshot().root(Root.CGRP_DFL_ROOT)) + self;
    Cursor states = CgroupStates.of(m, root, PRE);
    for (long state = states.next(m); state != 0; state = states.next(m)) {
      m.charge(1);
      long directory = memory.loadOrZero(node.at(state - self), 8);
      if (memory.loadOrZero(number.at(directory), 8) == id
          && (memory.loadOrZero(flags.at(state), 4) & ONLINE) != 0) {
        return state - self;
      }
    }
    return 0;
  }

  /** {@code bpf_task_get_cgroup1}: a task's in the first kind of hierarchies, by their numbers. */
  static long ofTask(Machine m, long task, long hierarchy, long r3, long r4, long r5) {
    Types types = m.snapshot().types();
    VirtualMemory memory = m.kernel();
    Field cgroup = types.field("cgrp_cset_link", "cgrp");
    Field root = types.field("cgroup", "root");
    Field number = types.field("cgroup_root", "hierarchy_id");
    long unified = m.snapshot().root(Root.CGRP_DFL_ROOT);
    long head = types.field("css_set", "cgrp_links").at(setOf(m, task));
    ListOf links = new ListOf(m, head, types.field("cgrp_cset_link", "cgrp_link").offset());
    for (long link = links.next(m); link != 0; link = links.next(m)) {
      m.charge(1);
      long found = memory.loadOrZero(cgroup.at(link), 8);
      long owner = memory.loadOrZero(root.at(found), 8);
      if (owner != 0
          && owner != unified
          && (int) memory.loadOrZero(number.at(owner), 4) == (int) hierarchy) {
        return found;
      }
    }
    return 0;
  }
}
