// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import java.util.Arrays;
import org.bpfdump.asm.Instruction;

/** A program whose code is sound: what engines work from. Not to be changed. */
final class Admitted {
  private final Program program;
  private final Instruction[] instructions;
  private final int[] functions;

  /**
   * @param instructions by slot; null for the second slot of an instruction
   * @param functions first slots of the functions, ascending
   */
  Admitted(Program program, Instruction[] instructions, int[] functions) {
    this.program = program;
    this.instructions = instructions;
    this.functions = functions;
  }

  Program program() {
    return program;
  }

  /** Number of slots. */
  int size() {
    return instructions.length;
  }

  /** The instruction that begins at a slot. */
  Instruction instruction(int slot) {
    return instructions[slot];
  }

  /** How many functions there are. */
  int functions() {
    return functions.length;
  }

  /** The first slot of a function. */
  int start(int function) {
    return functions[function];
  }

  /** The slot after a function. */
  int end(int function) {
    return function + 1 < functions.length ? functions[function + 1] : instructions.length;
  }

  /** The function that begins at a slot; negative when none does. */
  int functionAt(int slot) {
    return Arrays.binarySearch(functions, slot);
  }
}
