// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.syntax;

/** Operators with one operand, which follows. */
public enum UnaryOperator {
  PLUS("+"),
  MINUS("-"),
  COMPLEMENT("~"),
  NOT("!"),
  FOLLOW("*"),
  ADDRESS("&");

  private final String symbol;

  UnaryOperator(String symbol) {
    this.symbol = symbol;
  }

  /** As it is written. */
  public String symbol() {
    return symbol;
  }
}
