// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk;

import java.util.Arrays;

/**
 * One pass over a target. It notes what is broken, leaves that branch, and goes on: it neither
 * fails nor runs without end on any image.
 */
public interface Walk {
  /** Arguments that any target has after {@code meta}, and more. */
  int MOST_ARGUMENTS = 4;

  /**
   * Goes to the next object that a program is shown.
   *
   * @param arguments takes the program's arguments after {@code meta}, in order; {@link
   *     #MOST_ARGUMENTS} at least
   * @return false at the end; the arguments are as they were then
   */
  boolean next(long[] arguments);

  /**
   * How many sequence numbers the step to the object took: 1, and one more for each object before
   * it that is numbered but not shown.
   */
  default int taken() {
    return 1;
  }

  /**
   * How many sequence numbers went to objects that are numbered but not shown after the last one
   * that was. Asked for after the end.
   */
  default int trailing() {
    return 0;
  }

  /**
   * The arguments of the last call, which has no object.
   *
   * @return false when the kernel makes no such call
   */
  default boolean last(long[] arguments) {
    Arrays.fill(arguments, 0);
    return true;
  }
}
