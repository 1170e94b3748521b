// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.task;

import java.util.Arrays;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.walk.GuardedWalk;
import org.bpfdump.image.walk.ImageTarget;
import org.bpfdump.image.walk.Walk;
import org.bpfdump.image.walk.WalkContext;
import org.bpfdump.image.walk.container.BrokenException;
import org.bpfdump.image.walk.container.PointerTable;
import org.bpfdump.image.walk.container.References;
import org.bpfdump.kernel.Parameter;

/**
 * Every open file of every thread that does not share its leader's. Source: kernel/bpf/task_iter.c.
 */
public final class TaskFileTarget implements ImageTarget {
  @Override
  public String name() {
    return "task_file";
  }

  @Override
  public void admit(Snapshot snapshot, VirtualMemory memory, Parameter parameter) {
    TaskCursor.admit(parameter);
  }

  @Override
  public Walk open(WalkContext context) {
    return new TaskFileWalk(context);
  }

  private static final class TaskFileWalk extends GuardedWalk {
    /** Descriptors of one task; 16 times what the kernel allows unless told otherwise. */
    private static final long MOST = 1L << 24;

    /** Files that are touched at once. */
    private static final int TOUCHED = 16;

    private final TaskCursor tasks;
    private final PointerTable descriptors;
    private final References references;
    private final Field files;
    private final Field table;
    private final Field size;
    private final Field pointers;
    private final long[] upcoming = new long[TOUCHED];

    /** Files that have been touched and will come next. */
    private int touched;

    private long task;
    private int nextDescriptor;

    TaskFileWalk(WalkContext context) {
      super(context);
      Types types = context.snapshot().types();
      tasks = new TaskCursor(context, true);
      descriptors = new PointerTable(memory);
      references = References.ofFiles(types);
      files = types.field("task_struct", "files");
      table = types.field("files_struct", "fdt");
      size = types.field("fdtable", "max_fds");
      pointers = types.field("fdtable", "fd");
    }

    @Override
    protected boolean step(long[] arguments) {
      while (true) {
        for (long file; (file = descriptors.next()) != 0; ) {
          if (references.isAlive(memory, file)) {
            touchNext();
            arguments[0] = task;
            arguments[1] = descriptors.index();
            arguments[2] = file;
            nextDescriptor = descriptors.index() + 1;
            return true;
          }
        }
        task = 0;
        task = tasks.next();
        if (task == 0) {
          return false;
        }
        open();
      }
    }

    private void touchNext() {
      if (--touched < 0) {
        touched = references.touch(memory, upcoming, descriptors.upcoming(upcoming));
      }
    }

    /** Goes to the first of the task's files. */
    private void open() {
      long of = files.get(memory, task);
      if (of == 0) {
        return;
      }
      long current = table.get(memory, of);
      long count = size.get(memory, current);
      if (count > MOST) {
        throw new BrokenException("table", current, "has room for " + count + " files");
      }
      room.takeSlots(count);
      touched = 0;
      descriptors.start(pointers.get(memory, current), (int) count);
    }

    @Override
    protected String place() {
      return task == 0 ? tasks.place() : "the files of task " + tasks.number();
    }

    @Override
    public boolean last(long[] arguments) {
      Arrays.fill(arguments, 0);
      // When one thread was asked for, the kernel leaves the number where its search ended.
      arguments[1] = tasks.isOne() ? nextDescriptor : 0;
      return true;
    }
  }
}
