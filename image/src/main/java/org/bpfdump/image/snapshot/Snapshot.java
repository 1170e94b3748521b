// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.util.List;
import java.util.OptionalLong;
import org.bpfdump.btf.Btf;
import org.bpfdump.image.memory.DumpFile;
import org.bpfdump.image.memory.Translation;
import org.bpfdump.image.memory.VirtualMemory;

/** A kernel as its image has it. Safe for use by several threads; owns the image's file. */
public interface Snapshot extends AutoCloseable {
  /** Types of the kernel itself. */
  Btf btf();

  /** Layouts of its structs. */
  Types types();

  /** Its symbols, without those of modules; none when neither the image nor the user has them. */
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

  /**
   * The address space of a process, for {@link VirtualMemory#in}.
   *
   * @param mm address of its {@code struct mm_struct}
   * @throws org.bpfdump.error.MemoryFaultException when that is not there
   */
  Translation space(long mm);

  /** The modules that were loaded, the last one first; those that the image has. */
  List<KernelModule> modules();

  /** What the kernel tells those who read its memory. */
  Vmcoreinfo vmcoreinfo();

  /** The file, open as long as this is. */
  DumpFile file();

  /** Closes the file. */
  @Override
  void close();
}
