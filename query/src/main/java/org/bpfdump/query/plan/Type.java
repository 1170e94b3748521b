// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.plan;

/** The type of a {@link Value}: what fits a register. */
public sealed interface Type {
  /** C's {@code int}, which comparisons give. */
  Int INT = new Int(4, true, 0);

  /** C's {@code unsigned long}, 64 bits. */
  Int U64 = new Int(8, false, 0);

  /**
   * An integer, enumeration, character or truth value. A register holds it extended to 64 bits: by
   * its sign when it is signed, else by zeroes.
   *
   * @param bytes 1, 2, 4 or 8
   * @param signed whether it has a sign
   * @param id BTF id of the type as it was declared (a typedef, an enum); 0 for one that was
   *     computed
   */
  record Int(int bytes, boolean signed, int id) implements Type {}

  /**
   * An address.
   *
   * @param to BTF id of what is there; 0 for {@code void}
   */
  record Pointer(int to) implements Type {}
}
