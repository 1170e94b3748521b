// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.asm;

/** What an arithmetic instruction does to its destination. */
public enum Arithmetic {
  ADD(0x00, 0, "+="),
  SUB(0x10, 0, "-="),
  MUL(0x20, 0, "*="),
  /** Unsigned; by zero gives 0. */
  DIV(0x30, 0, "/="),
  /** Signed (instruction set v4). */
  SDIV(0x30, 1, "s/="),
  OR(0x40, 0, "|="),
  AND(0x50, 0, "&="),
  LSH(0x60, 0, "<<="),
  /** Shifts zeroes in. */
  RSH(0x70, 0, ">>="),
  /** Unsigned; by zero leaves the destination. */
  MOD(0x90, 0, "%="),
  /** Signed (instruction set v4). */
  SMOD(0x90, 1, "s%="),
  XOR(0xA0, 0, "^="),
  MOV(0xB0, 0, "="),
  /** Shifts the sign in. */
  ARSH(0xC0, 0, "s>>=");

  private static final Arithmetic[] ALL = values();

  private final int code;
  private final int offset;
  private final String symbol;

  Arithmetic(int code, int offset, String symbol) {
    this.code = code;
    this.offset = offset;
    this.symbol = symbol;
  }

  int code() {
    return code;
  }

  /** What the instruction's offset field holds. */
  int offset() {
    return offset;
  }

  String symbol() {
    return symbol;
  }

  static Arithmetic of(int opcode, int offset) {
    for (Arithmetic operator : ALL) {
      if (operator.code == (opcode & 0xF0) && operator.offset == offset) {
        return operator;
      }
    }
    return null;
  }
}
