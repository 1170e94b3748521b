// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.util.OptionalLong;
import org.bpfdump.btf.Btf;
import org.bpfdump.image.memory.VirtualMemory;

/** A kernel as its image has it. Safe for use by several threads. */
public interface Snapshot {
  /** Types of the kernel itself. */
  Btf btf();

  /** Layouts of its structs. */
  Types types();

  /** Its symbols, without those of modules. */
  Symbols symbols();

  /** A new view of its memory, for one thread. */
  VirtualMemory memory();

  /**
   * The address of a root.
   *
   * @throws org.bpfdump.error.UnsupportedException when neither the image nor the user says where
   *     it is
   */
  long root(Root root);

  /** The same, where a kernel may do without. */
  OptionalLong find(Root root);

  /**
   * How far a CPU's copy of per-CPU data is from the address that its variable or pointer has; 0
   * for a CPU that the machine does not have.
   */
  long perCpuOffset(int cpu);

  /** How many CPUs the kernel has room for ({@code nr_cpu_ids}). */
  int cpus();
}
