// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

/** Names of machines, for messages. Source: {@code include/uapi/linux/elf-em.h}. */
final class Machines {
  private Machines() {}

  /** What an ELF header's {@code e_machine} is called. */
  static String name(int machine) {
    return switch (machine) {
      case 2, 18, 43 -> "sparc";
      case 3, 6 -> "x86 (32 bits)";
      case 8 -> "mips";
      case 15 -> "parisc";
      case 20 -> "powerpc";
      case 21 -> "powerpc64";
      case 22 -> "s390";
      case 40 -> "arm (32 bits)";
      case 50 -> "ia64";
      case 62 -> "x86-64";
      case 183 -> "arm64";
      case 243 -> "riscv";
      case 258 -> "loongarch";
      default -> "ELF machine " + machine;
    };
  }
}
