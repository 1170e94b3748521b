// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.task;

import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.walk.GuardedWalk;
import org.bpfdump.image.walk.ImageTarget;
import org.bpfdump.image.walk.Walk;
import org.bpfdump.image.walk.WalkContext;
import org.bpfdump.kernel.Parameter;

/**
 * Every memory area of every task that has memory of its own, but for threads that share their
 * leader's files. Source: kernel/bpf/task_iter.c.
 */
public final class TaskVmaTarget implements ImageTarget {
  @Override
  public String name() {
    return "task_vma";
  }

  @Override
  public void admit(Snapshot snapshot, VirtualMemory memory, Parameter parameter) {
    TaskCursor.admit(parameter);
  }

  @Override
  public Walk open(WalkContext context) {
    return new TaskVmaWalk(context);
  }

  private static final class TaskVmaWalk extends GuardedWalk {
    private final TaskCursor tasks;
    private final VmaCursor areas;
    private final Field space;
    private final int size;
    private long task;

    TaskVmaWalk(WalkContext context) {
      super(context);
      tasks = new TaskCursor(context, true);
      size = context.snapshot().types().size("vm_area_struct");
      areas = VmaCursor.of(context.snapshot().types(), memory);
      space = context.snapshot().types().field("task_struct", "mm");
    }

    @Override
    protected boolean step(long[] arguments) {
      while (true) {
        long area = areas.next();
        if (area != 0) {
          room.take(size);
          arguments[0] = task;
          arguments[1] = area;
          return true;
        }
        task = 0;
        task = tasks.next();
        if (task == 0) {
          return false;
        }
        long mm = space.get(memory, task);
        if (mm != 0) {
          areas.start(mm);
        }
      }
    }

    @Override
    protected String place() {
      return task == 0 ? tasks.place() : "the memory of task " + tasks.number();
    }
  }
}
