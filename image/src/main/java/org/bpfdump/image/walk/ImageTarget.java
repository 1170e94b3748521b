// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk;

import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.kernel.Parameter;

/** A target that images have. Implementations have no state, and are found as services. */
public interface ImageTarget {
  /** Its BTF name, {@code task_file}. */
  String name();

  /** Starts a pass. */
  Walk open(WalkContext context);

  /**
   * Says whether a pass with this parameter can be, when a program is loaded for it: a map that is
   * not there, or is of a type that the target does not walk. The kind has been checked before.
   *
   * @throws org.bpfdump.error.RequestException when not
   */
  default void admit(Snapshot snapshot, VirtualMemory memory, Parameter parameter) {}

  /**
   * Whether the kernel's own walk begins with a token that programs do not see: the last call after
   * no object at all has number -1 then, not 0.
   */
  default boolean hasStartToken() {
    return false;
  }

  /** Whether a program that returns 1 ends the walk, and keeps what it wrote (cgroup). */
  default boolean endsOnOne() {
    return false;
  }
}
