// SPDX-License-Identifier: Apache-2.0
/**
 * BPF instructions: the code of a program, reading it, making it, and showing it as the kernel
 * does.
 *
 * <p>{@link org.bpfdump.asm.Code} is what travels: an immutable row of 8-byte slots.
 */
package org.bpfdump.asm;
