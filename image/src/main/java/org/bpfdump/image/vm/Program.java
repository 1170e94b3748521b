// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import java.util.List;
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
 * @param functions first slots of functions that no code refers to: an exception callback's
 */
public record Program(String name, Code code, Map<Integer, Helper> calls, List<Integer> functions) {
  public Program {
    calls = Map.copyOf(calls);
    functions = List.copyOf(functions);
  }

  /** A program whose code refers to all its functions. */
  public Program(String name, Code code, Map<Integer, Helper> calls) {
    this(name, code, calls, List.of());
  }
}
