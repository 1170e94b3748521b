// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import java.util.Arrays;
import java.util.Objects;

/** Which numbers registers may hold, where those are few and known. Of one thread. */
final class Known {
  /** One for each number that an instruction can name, though programs have fewer. */
  private static final int REGISTERS = 16;

  private static final int FIRST_KEPT = 6;

  private final Numbers[] values = new Numbers[REGISTERS];

  /** Nothing. */
  Known() {}

  /** The same, to be changed by itself. */
  Known copy() {
    Known copy = new Known();
    copy.set(this);
    return copy;
  }

  void set(Known other) {
    System.arraycopy(other.values, 0, values, 0, REGISTERS);
  }

  /** What a register may hold; null when that is not known. */
  Numbers get(int register) {
    return values[register];
  }

  /** {@code numbers} may be null. */
  void put(int register, Numbers numbers) {
    values[register] = numbers;
  }

  void forget(int register) {
    values[register] = null;
  }

  /** Forgets what a call changes, but for its result. */
  void forgetArguments() {
    Arrays.fill(values, 1, FIRST_KEPT, null);
  }

  /** Forgets what a function that is called does not see. */
  void keepArguments() {
    values[0] = null;
    Arrays.fill(values, FIRST_KEPT, REGISTERS, null);
  }

  /** Also what another state says; true when less is known than before. */
  boolean meet(Known other) {
    boolean less = false;
    for (int register = 0; register < REGISTERS; register++) {
      Numbers before = values[register];
      if (before != null) {
        Numbers also = other.values[register];
        values[register] = also == null ? null : before.or(also);
        less |= !Objects.equals(before, values[register]);
      }
    }
    return less;
  }

  @Override
  public String toString() {
    return Arrays.toString(values);
  }
}
