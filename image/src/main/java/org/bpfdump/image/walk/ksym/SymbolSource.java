// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.ksym;

/** A part of the symbols. */
@FunctionalInterface
interface SymbolSource {
  /** None. */
  SymbolSource NONE = _ -> false;

  /**
   * Goes to the next symbol.
   *
   * @param entry takes it
   * @return false at the end, and ever after
   * @throws org.bpfdump.error.MemoryFaultException when something is not in memory; the next call
   *     goes on after it
   * @throws org.bpfdump.image.walk.container.BrokenException when something is not what it should
   *     be
   */
  boolean next(KsymEntry entry);
}
