// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.asm;

/**
 * A register of 64 bits. R0 is for results, R1 to R5 for arguments, which calls destroy, R6 to R9
 * are kept, R10 is the frame pointer, which is only read.
 */
public enum Register implements Operand {
  R0(0),
  R1(1),
  R2(2),
  R3(3),
  R4(4),
  R5(5),
  R6(6),
  R7(7),
  R8(8),
  R9(9),
  R10(10),
  /** The kernel's own; seen only in programs that a kernel has rewritten. */
  R11(11);

  private static final Register[] BY_NUMBER = values();

  private final int number;

  Register(int number) {
    this.number = number;
  }

  /** The number it is encoded as. */
  public int number() {
    return number;
  }

  /** The register of a number; null for 12 and above. */
  static Register of(int number) {
    return number < BY_NUMBER.length ? BY_NUMBER[number] : null;
  }
}
