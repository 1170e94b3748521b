// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import org.bpfdump.asm.Arithmetic;
import org.bpfdump.asm.Code;
import org.bpfdump.asm.Instruction;

/** What arithmetic makes of numbers that are known, or that one operand alone decides. */
final class Outcomes {
  private static final int ALU = 4;
  private static final Numbers ZERO = Numbers.of(0);

  private Outcomes() {}

  /**
   * The numbers that an instruction may result in; null when they are not known.
   *
   * @param bits the instruction's slot
   * @param a what the register that it changes holds; null for not known
   * @param b its other operand
   */
  static Numbers of(Instruction instruction, long bits, Numbers a, Numbers b) {
    boolean ofTwo =
        !(instruction instanceof Instruction.SignExtend
            || (instruction instanceof Instruction.Alu alu && alu.operator() == Arithmetic.MOV));
    Numbers first = ofTwo ? a : ZERO;
    if (first == null || b == null) {
      return instruction instanceof Instruction.Alu alu && isZero(alu.operator(), first, b)
          ? ZERO
          : null;
    }
    int opcode = Code.opcode(bits);
    int offset = Code.offset(bits);
    return first.with(
        b,
        (opcode & 7) == ALU
            ? (x, y) -> Evaluation.narrow(opcode, offset, Code.immediate(bits), x, y)
            : (x, y) -> Evaluation.wide(opcode, offset, x, y));
  }

  private static boolean isZero(Arithmetic operator, Numbers a, Numbers b) {
    boolean noA = a != null && a.is(0);
    boolean noB = b != null && b.is(0);
    return switch (operator) {
      case AND, MUL -> noA || noB;
      case LSH, RSH, ARSH, DIV, SDIV, MOD, SMOD -> noA;
      case ADD, SUB, OR, XOR, MOV -> false;
    };
  }
}
