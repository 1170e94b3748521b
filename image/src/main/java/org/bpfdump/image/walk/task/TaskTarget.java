// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.task;

import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.walk.GuardedWalk;
import org.bpfdump.image.walk.ImageTarget;
import org.bpfdump.image.walk.Walk;
import org.bpfdump.image.walk.WalkContext;
import org.bpfdump.kernel.Parameter;

/** Every thread. Source: kernel/bpf/task_iter.c. */
public final class TaskTarget implements ImageTarget {
  @Override
  public String name() {
    return "task";
  }

  @Override
  public void admit(Snapshot snapshot, VirtualMemory memory, Parameter parameter) {
    TaskCursor.admit(parameter);
  }

  @Override
  public Walk open(WalkContext context) {
    return new TaskWalk(context);
  }

  private static final class TaskWalk extends GuardedWalk {
    private final TaskCursor tasks;

    TaskWalk(WalkContext context) {
      super(context);
      tasks = new TaskCursor(context, false);
    }

    @Override
    protected boolean step(long[] arguments) {
      long task = tasks.next();
      arguments[0] = task;
      return task != 0;
    }

    @Override
    protected String place() {
      return tasks.place();
    }
  }
}
