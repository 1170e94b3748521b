// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.task;

import org.bpfdump.error.RequestException;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.walk.WalkContext;
import org.bpfdump.image.walk.container.ListCursor;
import org.bpfdump.image.walk.container.XarrayCursor;
import org.bpfdump.kernel.Parameter;

/**
 * Goes through the tasks that a pass's parameter means, as kernel/bpf/task_iter.c does: all threads
 * of the pid namespace by number; or one thread; or those of a thread group, its leader first.
 */
final class TaskCursor {
  private final VirtualMemory memory;
  private final Parameter parameter;
  private final long namespace;
  private final boolean oncePerFiles;

  private final Pids pids;
  private final XarrayCursor all;
  private final ListCursor threads;
  private final Field idr;
  private final Field files;
  private final Field leader;
  private final Field signal;
  private final Field threadHead;
  private final Field threadNode;

  private boolean started;
  private long first;
  private int number;

  /**
   * @param oncePerFiles whether to leave out threads that have the same files as their leader
   */
  TaskCursor(WalkContext context, boolean oncePerFiles) {
    memory = context.memory();
    parameter = context.parameter();
    namespace = context.pids();
    this.oncePerFiles = oncePerFiles;
    Types types = context.snapshot().types();
    pids = new Pids(types, memory);
    all = new XarrayCursor(types, memory);
    threads = new ListCursor(memory);
    idr = types.field("pid_namespace", "idr");
    files = types.field("task_struct", "files");
    leader = types.field("task_struct", "group_leader");
    signal = types.field("task_struct", "signal");
    threadHead = types.field("signal_struct", "thread_head");
    threadNode = types.field("task_struct", "thread_node");
  }

  /** Refuses what means nothing in an image. */
  static void admit(Parameter parameter) {
    if (parameter instanceof Parameter.PidFd) {
      throw new RequestException(
          "descriptors belong to the running kernel: name a process of an image by its id");
    }
  }

  /**
   * Goes to the next task.
   *
   * @return its address; 0 at the end, and ever after
   * @throws org.bpfdump.error.MemoryFaultException as the cursors; the next call goes on after it
   * @throws org.bpfdump.image.walk.container.BrokenException likewise
   */
  long next() {
    if (!started) {
      started = true;
      start();
    }
    long task = first;
    if (task != 0) {
      first = 0;
      return task;
    }
    do {
      task = parameter instanceof Parameter.Pid ? thread() : numbered();
    } while (task != 0 && oncePerFiles && sharesFiles(task));
    return task;
  }

  /** The number of the task, in the pid namespace of the pass. */
  int number() {
    return number;
  }

  /** Whether only one thread is meant. */
  boolean isOne() {
    return parameter instanceof Parameter.Tid;
  }

  /** What is gone through, as a note names it. */
  String place() {
    return parameter instanceof Parameter.Pid(int pid)
        ? "the threads of process " + pid
        : "the tasks";
  }

  private void start() {
    all.startIdr(idr.at(namespace));
    if (parameter instanceof Parameter.Tid(int tid)) {
      first = find(tid, Pids.THREAD);
    } else if (parameter instanceof Parameter.Pid(int pid)) {
      long group = find(pid, Pids.GROUP);
      if (group != 0) {
        first = group;
        threads.start(threadHead.at(signal.get(memory, group)));
      }
    }
  }

  private long find(int id, int type) {
    number = id;
    long pid = all.find(Integer.toUnsignedLong(id));
    return pid == 0 ? 0 : pids.task(pid, type);
  }

  private long numbered() {
    while (all.next()) {
      number = (int) all.index();
      long task = pids.task(all.entry(), Pids.THREAD);
      if (task != 0) {
        return task;
      }
    }
    return 0;
  }

  /** The next thread of the group, without its leader. */
  private long thread() {
    for (long node; (node = threads.next()) != 0; ) {
      long task = node - threadNode.offset();
      int id = leader.get(memory, task) == task ? 0 : pids.number(task, namespace);
      if (id != 0) {
        number = id;
        return task;
      }
    }
    return 0;
  }

  private boolean sharesFiles(long task) {
    long first = leader.get(memory, task);
    return first != task && files.get(memory, task) == files.get(memory, first);
  }
}
