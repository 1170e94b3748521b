// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.nio.charset.StandardCharsets;
import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.image.memory.VirtualMemory;

/**
 * Reads the symbols of a module, in the order of its own table, without those that have no name.
 * Source: {@code struct mod_kallsyms}, include/linux/module.h; elf(5).
 */
final class ModuleSymbols {
  private static final int SYMBOL = 24;

  /** More symbols than any module has, and longer names. */
  private static final int MOST = 1 << 20;

  private static final int LONGEST = 512;

  /** Bytes of all names together: hostile ones might all be long. */
  private static final int MOST_BYTES = 1 << 26;

  private ModuleSymbols() {}

  /**
   * Reads them up to the first that is not there.
   *
   * @param table address of the {@code struct mod_kallsyms}
   * @throws MemoryFaultException when the table is not there
   */
  static Symbols read(Types types, VirtualMemory memory, long table) {
    long entries = types.field("mod_kallsyms", "symtab").get(memory, table);
    long strings = types.field("mod_kallsyms", "strtab").get(memory, table);
    long count = types.field("mod_kallsyms", "num_symtab").get(memory, table);
    long letters =
        types.find("mod_kallsyms", "typetab").map(field -> field.get(memory, table)).orElse(0L);
    SymbolTable.Builder symbols = new SymbolTable.Builder();
    int bytes = 0;
    for (int i = 0; i < Math.clamp(count, 0, MOST) && bytes < MOST_BYTES; i++) {
      long entry = entries + (long) i * SYMBOL;
      try {
        byte[] name = memory.string(strings + memory.u32(entry), LONGEST);
        bytes += name.length;
        if (name.length > 0) {
          long letter = letters == 0 ? 0 : memory.loadOrZero(letters + i, 1);
          symbols.add(
              new String(name, StandardCharsets.UTF_8),
              memory.u64(entry + 8),
              letter == 0 ? '?' : (char) letter);
        }
      } catch (MemoryFaultException e) {
        break;
      }
    }
    return symbols.build();
  }
}
