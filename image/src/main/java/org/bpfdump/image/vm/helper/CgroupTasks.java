// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.vm.Machine;

/**
 * The tasks of a cgroup, set by set of those that are in the same cgroups, as {@code
 * css_task_iter_next} of kernel/cgroup/cgroup.c goes: those that are there, that are on their way
 * to another cgroup, that are dying.
 */
final class CgroupTasks implements Cursor {
  /** {@code CSS_TASK_ITER_PROCS}: leaders of thread groups only. */
  private static final int LEADERS = 1;

  /** {@code CSS_TASK_ITER_THREADED}: of the cgroups below too, where those are threaded. */
  private static final int THREADED = 2;

  private final VirtualMemory memory;
  private final boolean leaders;
  private final boolean threaded;
  private final Field set;
  private final Field below;
  private final Field[] lists;
  private final int belowLink;
  private final int taskLink;
  private final Field exitSignal;
  private final Field signal;
  private final Field alive;

  /** Links to sets, or, of the state of one controller, sets themselves. */
  private final ListOf sets;

  private final boolean direct;
  private ListOf setsBelow;
  private ListOf tasks;
  private long now;
  private int list;

  private CgroupTasks(Machine m, long state, int flags) {
    Types types = m.snapshot().types();
    memory = m.kernel();
    leaders = (flags & LEADERS) != 0;
    threaded = (flags & THREADED) != 0;
    set = types.field("cgrp_cset_link", "cset");
    below = types.field("css_set", "threaded_csets");
    belowLink = types.field("css_set", "threaded_csets_node").offset();
    lists =
        new Field[] {
          types.field("css_set", "tasks"),
          types.field("css_set", "mg_tasks"),
          types.field("css_set", "dying_tasks")
        };
    taskLink = types.field("task_struct", "cg_list").offset();
    exitSignal = types.field("task_struct", "exit_signal");
    signal = types.field("task_struct", "signal");
    alive = types.field("signal_struct", "live");
    long cgroup = memory.loadOrZero(types.field("cgroup_subsys_state", "cgroup").at(state), 8);
    long controller = memory.loadOrZero(types.field("cgroup_subsys_state", "ss").at(state), 8);
    direct = controller != 0;
    if (direct) {
      // Arrays of list heads, by the controller's number.
      long id = memory.loadOrZero(types.field("cgroup_subsys", "id").at(controller), 4);
      int at = 16 * (int) id;
      sets =
          new ListOf(
              m,
              types.field("cgroup", "e_csets").at(cgroup) + at,
              types.field("css_set", "e_cset_node").offset() + at);
    } else {
      sets =
          new ListOf(
              m,
              types.field("cgroup", "cset_links").at(cgroup),
              types.field("cgrp_cset_link", "cset_link").offset());
    }
  }

  /** A walk; null when there is none with these flags. */
  static Cursor of(Machine m, long state, int flags) {
    return flags == 0 || flags == LEADERS || flags == (LEADERS | THREADED)
        ? new CgroupTasks(m, state, flags)
        : null;
  }

  @Override
  public long next(Machine m) {
    while (true) {
      m.charge(1);
      long task = tasks == null ? 0 : tasks.next(m);
      if (task != 0) {
        if (isShown(task)) {
          return task;
        }
      } else if (!nextList(m)) {
        return 0;
      }
    }
  }

  /** Goes to the next list of this set, or of the next. */
  private boolean nextList(Machine m) {
    if (tasks != null && list + 1 < lists.length) {
      list++;
    } else {
      now = nextSet(m);
      list = 0;
    }
    tasks = now == 0 ? null : new ListOf(m, lists[list].at(now), taskLink);
    return now != 0;
  }

  private long nextSet(Machine m) {
    long next = setsBelow == null ? 0 : setsBelow.next(m);
    if (next != 0) {
      return next;
    }
    long found = sets.next(m);
    if (found != 0 && !direct) {
      found = memory.loadOrZero(set.at(found), 8);
    }
    setsBelow = found == 0 || !threaded ? null : new ListOf(m, below.at(found), belowLink);
    return found;
  }

  private boolean isShown(long task) {
    boolean dying = list == lists.length - 1;
    if (!leaders) {
      return !dying;
    }
    return (int) memory.loadOrZero(exitSignal.at(task), 4) >= 0
        && (!dying
            || (int) memory.loadOrZero(alive.at(memory.loadOrZero(signal.at(task), 8)), 4) != 0);
  }
}
