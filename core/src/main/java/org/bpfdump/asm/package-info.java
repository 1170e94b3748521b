// SPDX-License-Identifier: Apache-2.0
/**
 * BPF instructions: the code of a program, reading it, making it, and showing it as the kernel
 * does.
 *
 * <p>{@link org.bpfdump.asm.Code} is what travels: an immutable row of 8-byte slots. {@link
 * org.bpfdump.asm.Instruction} is what one of them means, {@link org.bpfdump.asm.Assembler} makes
 * code and {@link org.bpfdump.asm.Disassembler} shows it.
 *
 * <pre>{@code
 * Code code = new Assembler().move(Register.R0, 0).exit().code();
 * System.out.print(new Disassembler().show(code));
 * if (Instruction.decode(code, 0) instanceof Instruction.Alu(var operator, _, var dst, _)) {
 *   System.out.println(operator + " changes " + dst);
 * }
 * }</pre>
 */
package org.bpfdump.asm;
