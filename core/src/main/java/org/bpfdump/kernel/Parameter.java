// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.kernel;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What of a target a dumper walks. Which kinds a target takes is in {@link Target#parameters()}.
 * Source: {@code union bpf_iter_link_info} in {@code include/uapi/linux/bpf.h}.
 */
public sealed interface Parameter {
  /** The kinds, named as the members of {@code bpf_iter_link_info}. */
  enum Kind {
    /** A map whose elements are walked; a target that takes one needs one. */
    MAP,
    /** A place in the cgroup hierarchy and an order. */
    CGROUP,
    /** One thread, or the threads of one process. */
    TASK;

    /** The kind as a message names it. */
    public String word() {
      return switch (this) {
        case MAP -> "map";
        case CGROUP -> "cgroup";
        case TASK -> "thread or process";
      };
    }
  }

  /** Its kind; empty for {@link None}. */
  default Optional<Kind> kind() {
    return switch (this) {
      case None _ -> Optional.empty();
      case Tid _, Pid _, PidFd _ -> Optional.of(Kind.TASK);
      case MapId _, MapName _, MapPath _ -> Optional.of(Kind.MAP);
      case CgroupId _, CgroupPath _ -> Optional.of(Kind.CGROUP);
    };
  }

  /** What it names, as a message says it: {@code thread 12}. */
  default String shown() {
    return switch (this) {
      case None _ -> "no parameter";
      case Tid(int tid) -> "thread " + tid;
      case Pid(int pid) -> "process " + pid;
      case PidFd(int fd) -> "descriptor " + fd + " as a pidfd";
      case MapId(int id) -> "map " + id;
      case MapName(String name) -> "map " + name;
      case MapPath(Path path) -> "the map pinned at " + path;
      case CgroupId(long id, Order order) ->
          "cgroup " + Long.toUnsignedString(id) + " in order " + order;
      case CgroupPath(Path path, Order order) -> "cgroup " + path + " in order " + order;
    };
  }

  /** Everything the target has. */
  record None() implements Parameter {}

  /** The thread of this id. */
  record Tid(int tid) implements Parameter {}

  /** All threads of the process of this id. */
  record Pid(int pid) implements Parameter {}

  /** All threads of the process of this pidfd, which stays the caller's. */
  record PidFd(int fd) implements Parameter {}

  /** The map of this id. */
  record MapId(int id) implements Parameter {}

  /** The one map of this name, as {@code bpftool map} shows it. */
  record MapName(String name) implements Parameter {}

  /** The map pinned at this path. */
  record MapPath(Path path) implements Parameter {}

  /** From the cgroup of this id (the inode number of its directory), in this order. */
  record CgroupId(long id, Order order) implements Parameter {}

  /** From the cgroup whose directory this is, in this order. */
  record CgroupPath(Path path, Order order) implements Parameter {}

  /** Order of a walk over cgroups. The kernel's {@code enum bpf_cgroup_iter_order}. */
  enum Order {
    /** Just the one. */
    SELF_ONLY,
    /** Descendants, parents first. */
    DESCENDANTS_PRE,
    /** Descendants, children first. */
    DESCENDANTS_POST,
    /** From it to the root. */
    ANCESTORS_UP,
    /** Its children only (kernels of 2026). */
    CHILDREN
  }
}
