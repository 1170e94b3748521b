// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

import org.bpfdump.error.RelocationException;

/**
 * How much work may still be done. BTF that nests a struct in itself many times over makes a search
 * through it take for ever; the work allowed grows with the number of relocations only, so that the
 * time taken is linear in the size of the program.
 */
final class Allowance {
  /** Comparing every member of two {@code task_struct} is less than 2^17 of this. */
  private static final long AT_FIRST = 1L << 22;

  private static final long PER_RELOCATION = 1L << 14;

  private long left = AT_FIRST;

  /** Adds what one more relocation may take. */
  void renew() {
    left = Math.max(left, 0) + PER_RELOCATION;
  }

  /** Takes the price of looking at {@code members} members. */
  void spend(long members) {
    left -= members;
    if (left < 0) {
      throw new RelocationException(
          "the types nest too often to be searched; flatten them, or check where they come from");
    }
  }
}
