// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.bench;

import static org.bpfdump.asm.Register.R0;
import static org.bpfdump.asm.Register.R1;
import static org.bpfdump.asm.Register.R2;
import static org.bpfdump.asm.Register.R3;
import static org.bpfdump.asm.Register.R4;
import static org.bpfdump.asm.Register.R5;
import static org.bpfdump.asm.Register.R6;
import static org.bpfdump.asm.Register.R7;
import static org.bpfdump.asm.Register.R8;
import static org.bpfdump.asm.Register.R9;

import org.bpfdump.asm.Arithmetic;
import org.bpfdump.asm.Assembler;
import org.bpfdump.asm.Code;
import org.bpfdump.asm.Condition;
import org.bpfdump.asm.Instruction;
import org.bpfdump.asm.Register;
import org.bpfdump.asm.Size;
import org.bpfdump.asm.Wide;

/** Programs that do nothing but compute, over 4096 bytes that they fill themselves. */
enum ComputeBound {
  /** 64-bit words added and rotated. */
  CHECKSUM {
    @Override
    void body(Assembler asm) {
      asm.move(R0, 0).move(R4, 8);
      Assembler.Label outer = asm.label();
      Assembler.Label inner = asm.label();
      asm.place(outer).move(R2, 0).place(inner).move(R3, R1).alu(Arithmetic.ADD, R3, R2);
      asm.load(Size.DOUBLE, R5, R3, 0).alu(Arithmetic.ADD, R0, R5);
      rotate(asm, R0, 13);
      asm.alu(Arithmetic.ADD, R2, 8).jumpIf(Condition.NE, R2, BYTES, inner);
      asm.alu(Arithmetic.SUB, R4, 1).jumpIf(Condition.NE, R4, 0, outer);
    }
  },
  /** FNV-1a, a byte and a 32-bit multiplication at a time. */
  BYTE_HASH {
    @Override
    void body(Assembler asm) {
      asm.move(R0, 0x811C9DC5).move(R2, 0);
      Assembler.Label inner = asm.label();
      asm.place(inner).move(R3, R1).alu(Arithmetic.ADD, R3, R2).load(Size.BYTE, R5, R3, 0);
      asm.alu32(Arithmetic.XOR, R0, R5).alu32(Arithmetic.MUL, R0, 16777619);
      asm.alu(Arithmetic.ADD, R2, 1).jumpIf(Condition.NE, R2, BYTES, inner);
    }
  },
  /** The rounds of SipHash over 64-bit words. */
  SIP_ROUNDS {
    @Override
    void body(Assembler asm) {
      asm.move(R6, 0x736F6D6570736575L)
          .move(R7, 0x646F72616E646F6DL)
          .move(R8, 0x6C7967656E657261L)
          .move(R9, 0x7465646279746573L)
          .move(R2, 0);
      Assembler.Label inner = asm.label();
      asm.place(inner).move(R3, R1).alu(Arithmetic.ADD, R3, R2).load(Size.DOUBLE, R4, R3, 0);
      asm.alu(Arithmetic.XOR, R9, R4);
      round(asm);
      round(asm);
      asm.alu(Arithmetic.XOR, R6, R4);
      asm.alu(Arithmetic.ADD, R2, 8).jumpIf(Condition.NE, R2, BYTES, inner);
      asm.move(R0, R6)
          .alu(Arithmetic.XOR, R0, R7)
          .alu(Arithmetic.XOR, R0, R8)
          .alu(Arithmetic.XOR, R0, R9);
    }

    private void round(Assembler asm) {
      asm.alu(Arithmetic.ADD, R6, R7);
      rotate(asm, R7, 13);
      asm.alu(Arithmetic.XOR, R7, R6);
      rotate(asm, R6, 32);
      asm.alu(Arithmetic.ADD, R8, R9);
      rotate(asm, R9, 16);
      asm.alu(Arithmetic.XOR, R9, R8).alu(Arithmetic.ADD, R6, R9);
      rotate(asm, R9, 21);
      asm.alu(Arithmetic.XOR, R9, R6).alu(Arithmetic.ADD, R8, R7);
      rotate(asm, R7, 17);
      asm.alu(Arithmetic.XOR, R7, R8);
      rotate(asm, R8, 32);
    }
  },
  /** Sixty-four 64-bit numbers, sorted in place by swapping neighbours. */
  SORT {
    @Override
    void body(Assembler asm) {
      asm.move(R4, 63);
      Assembler.Label outer = asm.label();
      Assembler.Label inner = asm.label();
      Assembler.Label sorted = asm.label();
      asm.place(outer).move(R2, 0).place(inner).move(R3, R1).alu(Arithmetic.ADD, R3, R2);
      asm.load(Size.DOUBLE, R6, R3, 0).load(Size.DOUBLE, R7, R3, 8);
      asm.jumpIf(Condition.LE, R6, R7, sorted);
      asm.store(Size.DOUBLE, R3, 0, R7).store(Size.DOUBLE, R3, 8, R6).place(sorted);
      asm.alu(Arithmetic.ADD, R2, 8).jumpIf(Condition.NE, R2, 63 * 8, inner);
      asm.alu(Arithmetic.SUB, R4, 1).jumpIf(Condition.NE, R4, 0, outer);
      asm.load(Size.DOUBLE, R0, R1, 8 * 20);
    }
  };

  /** Of the data. */
  static final int BYTES = 4096;

  /** Computes r0 of the bytes that r1 points to. */
  abstract void body(Assembler asm);

  private static void rotate(Assembler asm, Register register, int left) {
    asm.move(R5, register)
        .alu(Arithmetic.LSH, register, left)
        .alu(Arithmetic.RSH, R5, 64 - left)
        .alu(Arithmetic.OR, register, R5);
  }

  /** The program; the data is what this instruction loads the address of. */
  Code code(Wide kind, long data) {
    Assembler asm = new Assembler();
    asm.add(new Instruction.LoadWide(R1, kind, (int) data, (int) (data >>> 32)));
    Assembler.Label fill = asm.label();
    asm.move(R2, 0).move(R4, 1).move(R5, 6364136223846793005L);
    asm.place(fill).move(R3, R1).alu(Arithmetic.ADD, R3, R2).store(Size.DOUBLE, R3, 0, R4);
    asm.alu(Arithmetic.MUL, R4, R5).alu(Arithmetic.ADD, R4, 1442695);
    asm.alu(Arithmetic.ADD, R2, 8).jumpIf(Condition.NE, R2, BYTES, fill);
    body(asm);
    return asm.exit().code();
  }
}
