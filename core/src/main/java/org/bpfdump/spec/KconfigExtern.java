// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.spec;

/**
 * A kernel configuration option, or a fact about the kernel, that a program refers to by an extern
 * variable.
 *
 * @param name {@code CONFIG_HZ}, {@code LINUX_KERNEL_VERSION}
 * @param offset where its value goes in the map's value, in bytes
 * @param size of the variable, in bytes
 * @param form how the option is written there
 * @param weak whether it may be missing, and is zero then
 */
public record KconfigExtern(String name, int offset, int size, Form form, boolean weak) {
  /** How an option's value is written into its variable. */
  public enum Form {
    /** One byte, 0 or 1. */
    BOOL,
    /** {@code enum libbpf_tristate}: 0 no, 1 yes, 2 module. */
    TRISTATE,
    /** One character, {@code y}, {@code n} or {@code m}, or a number of one byte. */
    CHAR,
    /** A signed integer, whose range is checked. */
    SIGNED,
    /** An unsigned integer, whose range is checked. */
    UNSIGNED,
    /** An array of characters, ended by a NUL, cut to fit. */
    STRING
  }
}
