// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import java.util.Map;
import org.bpfdump.asm.Code;

/**
 * A program that refers to nothing any more: types are relocated, 64-bit immediate loads have the
 * addresses themselves (their source register is 0, but for the address of a function of the
 * program itself), and every call is resolved.
 *
 * @param name for messages
 * @param code main program, then subprograms
 * @param calls what each call of a helper or kernel function calls, by slot
 * @param catcher first slot of the function that makes the program's result of what it throws, and
 *     that no code refers to; {@link #NONE} where that is the result itself
 */
public record Program(String name, Code code, Map<Integer, Helper> calls, int catcher) {
  /** No slot. */
  public static final int NONE = -1;

  public Program {
    calls = Map.copyOf(calls);
  }

  /** A program that has no function for what it throws. */
  public Program(String name, Code code, Map<Integer, Helper> calls) {
    this(name, code, calls, NONE);
  }
}
