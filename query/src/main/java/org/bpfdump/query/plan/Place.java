// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.plan;

import java.util.Optional;

/**
 * Something in the kernel's memory: {@code *(pointer + offset + index * stride)}. It is NULL when
 * the pointer is, when the index is beyond the count, and when the memory cannot be read.
 *
 * @param pointer where to start; {@link Value#mayBeNull()} says whether it needs a check
 * @param offset bytes from there, never negative where {@code reach} is {@link Reach#DIRECT}
 * @param index a position that is known only when the program runs; makes the reach {@link
 *     Reach#PROBE}
 * @param type BTF id of what is there
 * @param reach how it is read
 */
public record Place(Value pointer, long offset, Optional<Scaled> index, int type, Reach reach) {
  /** How memory is read. */
  public enum Reach {
    /** By a load: the verifier knows what is behind the pointer. */
    DIRECT,
    /** By the helper that reads any address: can be torn, and can fail. */
    PROBE
  }

  /**
   * A position in an array.
   *
   * @param index the position
   * @param stride bytes from one element to the next
   * @param count how many there are; 0 when nobody knows
   */
  public record Scaled(Value index, long stride, long count) {}
}
