// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.task;

import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Types;

/**
 * The kernel's {@code struct pid}, a number in one or more pid namespaces, and the tasks that it
 * stands for. Source: include/linux/pid.h.
 */
final class Pids {
  /** {@code enum pid_type}: a thread. */
  static final int THREAD = 0;

  /** {@code enum pid_type}: a thread group, of which a pid has the leader. */
  static final int GROUP = 1;

  private final VirtualMemory memory;
  private final Field tasks;
  private final Field links;
  private final Field numbers;
  private final Field level;
  private final Field number;
  private final Field owner;
  private final Field ofTask;
  private final Field namespaceLevel;
  private final int numberSize;

  Pids(Types types, VirtualMemory memory) {
    this.memory = memory;
    tasks = types.field("pid", "tasks");
    level = types.field("pid", "level");
    numbers = types.field("pid", "numbers");
    number = types.field("upid", "nr");
    owner = types.field("upid", "ns");
    numberSize = types.size("upid");
    links = types.field("task_struct", "pid_links");
    ofTask = types.field("task_struct", "thread_pid");
    namespaceLevel = types.field("pid_namespace", "level");
  }

  /** The task of a pid; 0 when it has none (any more). */
  long task(long pid, int type) {
    long first = memory.u64(tasks.at(pid) + 8L * type);
    return first == 0 ? 0 : first - links.offset() - 16L * type;
  }

  /** How many pid namespaces a pid is in, but for the first. */
  long level(long pid) {
    return level.get(memory, pid);
  }

  /** The pid namespace of this depth that a pid is in. */
  long namespace(long pid, long depth) {
    return owner.get(memory, entry(pid, depth));
  }

  private long entry(long pid, long depth) {
    return numbers.at(pid) + depth * numberSize;
  }

  /** The number of a task in a pid namespace; 0 when it is not in there, or dead. */
  int number(long task, long namespace) {
    long pid = ofTask.get(memory, task);
    if (pid == 0) {
      return 0;
    }
    long depth = namespaceLevel.get(memory, namespace);
    if (depth > level.get(memory, pid)) {
      return 0;
    }
    long entry = entry(pid, depth);
    return owner.get(memory, entry) == namespace ? (int) number.get(memory, entry) : 0;
  }
}
