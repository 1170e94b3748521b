// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import static org.bpfdump.asm.Register.R0;
import static org.bpfdump.asm.Register.R2;
import static org.bpfdump.asm.Register.R3;
import static org.bpfdump.asm.Register.R4;
import static org.bpfdump.asm.Register.R5;

import org.bpfdump.asm.Arithmetic;
import org.bpfdump.asm.Assembler;
import org.bpfdump.asm.Register;
import org.bpfdump.asm.Size;

/**
 * Code that makes a question mark of each control character, so that a name can neither break a
 * line nor talk to a terminal. Eight bytes at a time and without a branch: the verifier goes
 * through it once for each word, whatever may be in it.
 */
final class Controls {
  private static final long EACH = 0x0101010101010101L;

  private final Assembler asm;

  Controls(Assembler asm) {
    this.asm = asm;
  }

  /** Replaces 1 to 31 and 127 in eight bytes, not 0; {@code base} is R1 or R10. */
  void replace(Register base, int offset) {
    asm.load(Size.DOUBLE, R2, base, offset)
        .move(R3, 0x7F * EACH)
        // Bit 7 of each byte of R5: bits 0 to 6 are not all 0; R0: they are all 1; R4: below 32.
        .move(R4, R2)
        .alu(Arithmetic.AND, R4, R3)
        .move(R5, R4)
        .alu(Arithmetic.ADD, R5, R3)
        .move(R0, EACH)
        .alu(Arithmetic.ADD, R0, R4)
        .move(R3, 0x60 * EACH)
        .alu(Arithmetic.ADD, R4, R3)
        .alu(Arithmetic.XOR, R4, -1)
        .alu(Arithmetic.OR, R0, R4)
        .alu(Arithmetic.AND, R0, R5)
        .move(R4, R2)
        .alu(Arithmetic.XOR, R4, -1)
        .alu(Arithmetic.AND, R0, R4)
        .move(R3, 0x8080808080808080L)
        .alu(Arithmetic.AND, R0, R3)
        // From these bits to whole bytes, and what is under them exchanged.
        .move(R4, R0)
        .alu(Arithmetic.RSH, R4, 7)
        .alu(Arithmetic.LSH, R0, 1)
        .alu(Arithmetic.SUB, R0, R4)
        .move(R3, '?' * EACH)
        .alu(Arithmetic.XOR, R3, R2)
        .alu(Arithmetic.AND, R3, R0)
        .alu(Arithmetic.XOR, R2, R3)
        .store(Size.DOUBLE, base, offset, R2);
  }
}
