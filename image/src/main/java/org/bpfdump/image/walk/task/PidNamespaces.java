// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.task;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.walk.Namespace;
import org.bpfdump.image.walk.container.BrokenException;
import org.bpfdump.image.walk.container.XarrayCursor;

/**
 * Finds pid namespaces. The kernel has no list of them on all versions; but every pid has a number
 * in the first, and says in which others. Source: kernel/pid.c, kernel/pid_namespace.c.
 */
public final class PidNamespaces {
  /** How deep they are nested at most: {@code MAX_PID_NS_LEVEL}. */
  private static final long DEEPEST = 32;

  /** More than a machine has. */
  private static final int MOST = 1 << 16;

  private final VirtualMemory memory;
  private final long first;
  private final XarrayCursor all;
  private final Pids pids;
  private final Field idr;
  private final Field level;
  private final Field inode;
  private final Field proxy;
  private final Field forChildren;
  private final Set<Long> found = new LinkedHashSet<>();

  private PidNamespaces(Snapshot snapshot) {
    Types types = snapshot.types();
    memory = snapshot.memory();
    first = snapshot.root(Root.INIT_PID_NS);
    all = new XarrayCursor(types, memory);
    pids = new Pids(types, memory);
    idr = types.field("pid_namespace", "idr");
    level = types.field("pid_namespace", "level");
    inode = types.field("pid_namespace", "ns.inum");
    proxy = types.field("task_struct", "nsproxy");
    forChildren = types.field("nsproxy", "pid_ns_for_children");
  }

  /**
   * The pid namespaces that have tasks, or that tasks make their children in: the first one first.
   * What is broken is left out.
   *
   * @throws org.bpfdump.error.UnsupportedException when this kernel's are not known
   */
  public static List<Namespace> in(Snapshot snapshot) {
    return new PidNamespaces(snapshot).list();
  }

  private List<Namespace> list() {
    found.add(first);
    try {
      all.startIdr(idr.at(first));
    } catch (MemoryFaultException | BrokenException _) {
      // Then there is only the first.
    }
    while (step()) {}
    List<Namespace> namespaces = new ArrayList<>();
    for (long namespace : found) {
      try {
        namespaces.add(new Namespace(namespace, inode.get(memory, namespace)));
      } catch (MemoryFaultException _) {
        // It is none.
      }
    }
    return namespaces;
  }

  private boolean step() {
    try {
      if (found.size() >= MOST || !all.next()) {
        return false;
      }
      long pid = all.entry();
      for (long depth = Math.min(DEEPEST, pids.level(pid)); depth > 0; depth--) {
        add(pids.namespace(pid, depth), depth);
      }
      long task = pids.task(pid, Pids.THREAD);
      long owner = task == 0 ? 0 : proxy.get(memory, task);
      if (owner != 0) {
        long children = forChildren.get(memory, owner);
        add(children, level.get(memory, children));
      }
    } catch (MemoryFaultException | BrokenException _) {
      // The next pid may be sound.
    }
    return true;
  }

  private void add(long namespace, long depth) {
    if (depth <= DEEPEST && level.get(memory, namespace) == depth) {
      found.add(namespace);
    }
  }
}
