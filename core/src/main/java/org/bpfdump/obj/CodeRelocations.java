// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.obj;

import java.util.Arrays;
import org.bpfdump.obj.Functions.Function;

/** The ELF relocations of the sections with code, read once for each section. */
final class CodeRelocations {
  private final Elf elf;

  /** By section: {@code byte offset << 32 | symbol}, ascending. */
  private final long[][] sections;

  CodeRelocations(Elf elf) {
    this.elf = elf;
    this.sections = new long[elf.sectionCount()][];
  }

  /** The symbol that an instruction of a function refers to; null for none. */
  Elf.Symbol at(Function function, int slot) {
    long[] relocations = sections[function.section()];
    if (relocations == null) {
      relocations = elf.relocations(elf.section(function.section()));
      sections[function.section()] = relocations;
    }
    long offset = ((long) function.start() + slot) * 8;
    int found = Arrays.binarySearch(relocations, offset << 32);
    int index = found < 0 ? -found - 1 : found;
    return index < relocations.length && relocations[index] >>> 32 == offset
        ? elf.symbol((int) relocations[index])
        : null;
  }
}
