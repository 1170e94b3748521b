// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

/**
 * Where virtual addresses are in physical memory: the page tables of one address space. An
 * architecture is one implementation. Safe for use by several threads.
 */
@FunctionalInterface
public interface Translation {
  /** No page there. */
  long NONE = -1;

  /** The page tables that would tell are not in the file. */
  long ABSENT = -2;

  /**
   * The physical address of a virtual one, {@link #NONE} or {@link #ABSENT}.
   *
   * @param address any value
   */
  long physical(long address);
}
