// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.syntax;

/**
 * Operators with two operands, with C's symbols and precedence. Beyond C: {@code ^=} and {@code *=}
 * ask whether a string begins with, or contains, another.
 */
public enum BinaryOperator {
  MULTIPLY("*", 10),
  DIVIDE("/", 10),
  REMAINDER("%", 10),
  ADD("+", 9),
  SUBTRACT("-", 9),
  SHIFT_LEFT("<<", 8),
  SHIFT_RIGHT(">>", 8),
  LESS("<", 7),
  LESS_EQUAL("<=", 7),
  GREATER(">", 7),
  GREATER_EQUAL(">=", 7),
  EQUAL("==", 6),
  NOT_EQUAL("!=", 6),
  BEGINS("^=", 6),
  CONTAINS("*=", 6),
  AND("&", 5),
  XOR("^", 4),
  OR("|", 3),
  BOTH("&&", 2),
  EITHER("||", 1);

  private final String symbol;
  private final int precedence;

  BinaryOperator(String symbol, int precedence) {
    this.symbol = symbol;
    this.precedence = precedence;
  }

  /** As it is written. */
  public String symbol() {
    return symbol;
  }

  /** Higher binds closer. */
  public int precedence() {
    return precedence;
  }
}
