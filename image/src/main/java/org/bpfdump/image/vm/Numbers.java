// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import java.util.Arrays;
import java.util.function.LongBinaryOperator;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

/**
 * A few numbers, each of which a register may hold, and no other. Not to be changed.
 *
 * @param values ascending, without doubles, never none
 */
@SuppressWarnings("ArrayRecordComponent") // compared by their content here
record Numbers(long[] values) {
  /** As many as a switch is likely to have cases that matter. */
  private static final int MOST = 16;

  static Numbers of(long value) {
    return new Numbers(new long[] {value});
  }

  /** Null when there are none, or too many to know. */
  private static Numbers of(LongStream all) {
    long[] values = all.sorted().distinct().limit(MOST + 1).toArray();
    return values.length == 0 || values.length > MOST ? null : new Numbers(values);
  }

  /** Either of both; null when those are too many. */
  Numbers or(Numbers other) {
    return equals(other)
        ? this
        : of(LongStream.concat(Arrays.stream(values), Arrays.stream(other.values)));
  }

  /** What an operation makes of each with each; null when those are too many. */
  Numbers with(Numbers other, LongBinaryOperator operation) {
    return of(
        Arrays.stream(values)
            .flatMap(a -> Arrays.stream(other.values).map(b -> operation.applyAsLong(a, b))));
  }

  boolean any(LongPredicate condition) {
    return Arrays.stream(values).anyMatch(condition);
  }

  /** Those for which a condition holds; null for none. */
  Numbers only(LongPredicate condition) {
    return of(Arrays.stream(values).filter(condition));
  }

  /** Whether it is this number. */
  boolean is(long value) {
    return values.length == 1 && values[0] == value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Numbers(long[] others) && Arrays.equals(values, others);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return Arrays.toString(values);
  }
}
