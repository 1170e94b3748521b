// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.asm;

/** The second operand of an instruction. */
public sealed interface Operand permits Register, Operand.Immediate {
  /** A constant of 32 bits, which 64-bit instructions extend by its sign. */
  record Immediate(int value) implements Operand {}
}
