// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.task;

import java.util.OptionalLong;
import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.walk.container.BrokenException;
import org.bpfdump.image.walk.container.XarrayCursor;

/** Finds the namespaces that a task is in. */
public final class TaskNamespaces {
  private TaskNamespaces() {}

  /**
   * Address of the {@code struct net} that a task sees; empty when there is no such task, or it has
   * none any more.
   *
   * @param id its number in the first pid namespace
   */
  public static OptionalLong network(Snapshot snapshot, int id) {
    return of(snapshot, id, true);
  }

  /** Address of the {@code struct pid_namespace} that a task has its own number in. */
  public static OptionalLong pids(Snapshot snapshot, int id) {
    return of(snapshot, id, false);
  }

  private static OptionalLong of(Snapshot snapshot, int id, boolean network) {
    Types types = snapshot.types();
    VirtualMemory memory = snapshot.memory();
    Pids pids = new Pids(types, memory);
    try {
      XarrayCursor all = new XarrayCursor(types, memory);
      long first = snapshot.root(Root.INIT_PID_NS);
      all.startIdr(types.field("pid_namespace", "idr").at(first));
      long pid = all.find(Integer.toUnsignedLong(id));
      long task = pid == 0 ? 0 : pids.task(pid, Pids.THREAD);
      if (task == 0) {
        return OptionalLong.empty();
      }
      if (!network) {
        return OptionalLong.of(pids.namespace(pid, pids.level(pid)));
      }
      long proxy = types.field("task_struct", "nsproxy").get(memory, task);
      return proxy == 0
          ? OptionalLong.empty()
          : OptionalLong.of(types.field("nsproxy", "net_ns").get(memory, proxy));
    } catch (MemoryFaultException | BrokenException e) {
      return OptionalLong.empty();
    }
  }
}
