// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.cgroup;

import java.nio.file.Path;
import org.bpfdump.error.RequestException;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.walk.ImageTarget;
import org.bpfdump.image.walk.Walk;
import org.bpfdump.image.walk.WalkContext;
import org.bpfdump.kernel.Parameter;

/**
 * The target {@code cgroup}: {@code struct cgroup *cgroup}. Without a parameter, all of the unified
 * hierarchy, parents first. Source: kernel/bpf/cgroup_iter.c.
 */
public final class CgroupTarget implements ImageTarget {
  @Override
  public String name() {
    return "cgroup";
  }

  @Override
  public boolean endsOnOne() {
    return true;
  }

  @Override
  public void admit(Snapshot snapshot, VirtualMemory memory, Parameter parameter) {
    start(new CgroupFields(snapshot, memory), memory, parameter);
  }

  @Override
  public Walk open(WalkContext context) {
    CgroupFields fields = new CgroupFields(context.snapshot(), context.memory());
    long start = start(fields, context.memory(), context.parameter());
    return new CgroupWalk(context, fields, start, order(context.parameter()));
  }

  private static Parameter.Order order(Parameter parameter) {
    return switch (parameter) {
      case Parameter.CgroupId(long _, Parameter.Order order) -> order;
      case Parameter.CgroupPath(Path _, Parameter.Order order) -> order;
      case Parameter.None _,
          Parameter.Tid _,
          Parameter.Pid _,
          Parameter.PidFd _,
          Parameter.MapId _,
          Parameter.MapName _,
          Parameter.MapPath _ ->
          Parameter.Order.DESCENDANTS_PRE;
    };
  }

  private static long start(CgroupFields fields, VirtualMemory memory, Parameter parameter) {
    CgroupSearch search = new CgroupSearch(memory, fields);
    return switch (parameter) {
      case Parameter.None _ -> fields.root();
      case Parameter.CgroupId(long id, Parameter.Order _) -> search.byId(id);
      case Parameter.CgroupPath(Path path, Parameter.Order _) -> search.byPath(path);
      case Parameter.Tid _,
          Parameter.Pid _,
          Parameter.PidFd _,
          Parameter.MapId _,
          Parameter.MapName _,
          Parameter.MapPath _ ->
          throw new RequestException("target cgroup takes a cgroup, not " + parameter);
    };
  }
}
