// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import static org.bpfdump.image.vm.helper.Errno.EINVAL;
import static org.bpfdump.image.vm.helper.Errno.ENOENT;

import java.util.Optional;
import java.util.OptionalLong;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.vm.Machine;
import org.bpfdump.image.walk.container.BrokenException;
import org.bpfdump.image.walk.container.MapleCursor;

/**
 * Kernel functions on tasks. A list that is broken ends the walk, one that loops uses up the
 * program's budget. Sources: kernel/bpf/helpers.c, kernel/bpf/task_iter.c.
 */
final class TaskFunctions {
  private static final int PROCESSES = 0;
  private static final int ALL_THREADS = 1;
  private static final int THREADS = 2;

  private TaskFunctions() {}

  /** A walk over tasks; null when there is no such kind. */
  static Cursor tasks(Machine m, long task, int kind) {
    if (kind < PROCESSES || kind > THREADS || (kind == THREADS && task == 0)) {
      return null;
    }
    OptionalLong first = m.snapshot().find(Root.INIT_TASK);
    if (kind != THREADS && first.isEmpty()) {
      return null;
    }
    return new Tasks(m, kind == THREADS ? task : first.getAsLong(), kind);
  }

  /** Processes, threads of one, or all threads, from one on. */
  private static final class Tasks implements Cursor {
    private final VirtualMemory memory;
    private final int kind;
    private final Field tasks;
    private final Field thread;
    private final Field signal;
    private final Field threads;
    private final long start;
    private long process;
    private long now;
    private boolean ended;

    Tasks(Machine m, long start, int kind) {
      Types types = m.snapshot().types();
      memory = m.kernel();
      this.kind = kind;
      this.start = start;
      tasks = types.field("task_struct", "tasks");
      thread = types.field("task_struct", "thread_node");
      signal = types.field("task_struct", "signal");
      threads = types.field("signal_struct", "thread_head");
    }

    @Override
    public long next(Machine m) {
      if (ended) {
        return 0;
      }
      if (now == 0) {
        process = start;
        now = start;
        return now;
      }
      now = kind == PROCESSES ? nextProcess() : nextThread();
      if (now == 0 && kind == ALL_THREADS) {
        now = nextProcess();
      }
      ended = now == 0;
      return now;
    }

    private long nextProcess() {
      long link = memory.loadOrZero(tasks.at(process), 8);
      process = link == 0 ? 0 : link - tasks.offset();
      if (process == start) {
        process = 0;
      }
      return process;
    }

    private long nextThread() {
      long head = threads.at(memory.loadOrZero(signal.at(now), 8));
      long link = memory.loadOrZero(thread.at(now), 8);
      return link == 0 || link == head ? 0 : link - thread.offset();
    }
  }

  /** A walk over memory areas, from the one that has the address or the next one on. */
  static Cursor areas(Machine m, long task, long address) {
    Types types = m.snapshot().types();
    VirtualMemory memory = m.kernel();
    long mm = task == 0 ? 0 : memory.loadOrZero(types.field("task_struct", "mm").at(task), 8);
    Optional<Field> tree = types.find("mm_struct", "mm_mt");
    Optional<Field> list = types.find("mm_struct", "mmap");
    if (mm == 0 || (tree.isEmpty() && list.isEmpty())) {
      return null;
    }
    Field end = types.field("vm_area_struct", "vm_end");
    Cursor all = tree.isPresent() ? byTree(m, tree.get().at(mm)) : byList(types, list.get().at(mm));
    return machine -> {
      long area = all.next(machine);
      while (area != 0
          && Long.compareUnsigned(machine.kernel().loadOrZero(end.at(area), 8), address) <= 0) {
        machine.charge(1);
        area = all.next(machine);
      }
      return area;
    };
  }

  private static Cursor byTree(Machine m, long tree) {
    MapleCursor cursor = new MapleCursor(m.snapshot().types(), m.kernel());
    cursor.start(tree);
    return machine -> {
      try {
        return cursor.next();
      } catch (BrokenException e) {
        return 0;
      }
    };
  }

  private static Cursor byList(Types types, long head) {
    Field next = types.field("vm_area_struct", "vm_next");
    long[] link = {head};
    return machine -> {
      long area = link[0] == 0 ? 0 : machine.kernel().loadOrZero(link[0], 8);
      link[0] = area == 0 ? 0 : next.at(area);
      return area;
    };
  }

  /**
   * {@code bpf_find_vma}: has a function of the program look at the memory area that an address is
   * in, whatever that returns.
   */
  static long findArea(
      Machine m, long task, long address, long function, long context, long flags) {
    if (flags != 0) {
      return -EINVAL;
    }
    Cursor areas = areas(m, task, address);
    long area = areas == null ? 0 : areas.next(m);
    Field start = m.snapshot().types().field("vm_area_struct", "vm_start");
    if (area == 0 || Long.compareUnsigned(m.kernel().loadOrZero(start.at(area), 8), address) > 0) {
      return -ENOENT;
    }
    m.callback(function, task, area, context, 0, 0);
    return 0;
  }

  /** {@code bpf_task_from_pid}: by its number in the first namespace. */
  static long fromPid(Machine m, long pid, long r2, long r3, long r4, long r5) {
    Cursor all = tasks(m, 0, ALL_THREADS);
    Field number = m.snapshot().types().field("task_struct", "pid");
    if (all == null || (int) pid <= 0) {
      return 0;
    }
    for (long task = all.next(m); task != 0; task = all.next(m)) {
      m.charge(1);
      if ((int) m.kernel().loadOrZero(number.at(task), 4) == (int) pid) {
        return task;
      }
    }
    return 0;
  }
}
