// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.asm;

/** When a jump is taken; unsigned comparison unless it says signed. */
public enum Condition {
  EQ(0x10, "=="),
  GT(0x20, ">"),
  GE(0x30, ">="),
  /** Some bit is set in both. */
  SET(0x40, "&"),
  NE(0x50, "!="),
  SIGNED_GT(0x60, "s>"),
  SIGNED_GE(0x70, "s>="),
  LT(0xA0, "<"),
  LE(0xB0, "<="),
  SIGNED_LT(0xC0, "s<"),
  SIGNED_LE(0xD0, "s<=");

  private static final Condition[] ALL = values();

  private final int code;
  private final String symbol;

  Condition(int code, String symbol) {
    this.code = code;
    this.symbol = symbol;
  }

  int code() {
    return code;
  }

  String symbol() {
    return symbol;
  }

  static Condition of(int opcode) {
    for (Condition condition : ALL) {
      if (condition.code == (opcode & 0xF0)) {
        return condition;
      }
    }
    return null;
  }
}
