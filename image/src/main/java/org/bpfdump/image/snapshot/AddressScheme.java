// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

/**
 * How a kernel keeps the addresses of its symbols: 4 bytes each, and which they mean has changed.
 * Source: kernel/kallsyms.c.
 */
enum AddressScheme {
  /** Per-CPU symbols as they are, others as a negative number from a base. */
  NEGATIVE {
    @Override
    long address(long base, long table, int index, int offset) {
      return offset >= 0 ? offset : base - 1 - offset;
    }
  },
  /** Unsigned, from a base. */
  FROM_BASE {
    @Override
    long address(long base, long table, int index, int offset) {
      return base + (offset & 0xFFFF_FFFFL);
    }
  },
  /** Signed, from where the number itself is. */
  FROM_ITSELF {
    @Override
    long address(long base, long table, int index, int offset) {
      return table + 4L * index + offset;
    }
  };

  /**
   * An address.
   *
   * @param base the kernel's {@code kallsyms_relative_base}; 0 when it has none
   * @param table the address of the numbers
   * @param index of the symbol
   * @param offset its number
   */
  abstract long address(long base, long table, int index, int offset);
}
