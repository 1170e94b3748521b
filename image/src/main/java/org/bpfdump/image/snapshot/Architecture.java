// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.memory.DumpFile;
import org.bpfdump.image.memory.Translation;

/** What depends on a machine's processor: one implementation each. Safe for several threads. */
interface Architecture {
  /**
   * The architecture of a dump.
   *
   * @throws UnsupportedException when it is one that bpfdump does not know
   */
  static Architecture of(DumpFile file, Vmcoreinfo info) {
    if (file.architecture().equals("x86-64")) {
      return new X86(file, info);
    }
    throw new UnsupportedException(
        "this image is of a machine with "
            + file.architecture()
            + " processors: bpfdump reads images of x86-64 only for now");
  }

  /** The kernel's own address space. */
  Translation kernel();

  /**
   * A process's address space.
   *
   * @param root physical address of its highest page table, {@code mm->pgd}
   */
  Translation process(long root);

  /**
   * Where a search for what is in the kernel's own image begins, and how many bytes it may take.
   */
  Range image();

  /**
   * Some addresses.
   *
   * @param start of the first byte
   * @param length in bytes
   */
  record Range(long start, long length) {}
}
