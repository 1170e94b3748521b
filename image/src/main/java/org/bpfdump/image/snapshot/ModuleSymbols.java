// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;
import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.image.memory.VirtualMemory;

/**
 * The symbols of a module, in the order of its own table, without those that have no name. Source:
 * {@code struct mod_kallsyms}, include/linux/module.h; elf(5).
 */
final class ModuleSymbols implements Symbols {
  private static final int SYMBOL = 24;

  /** More symbols than any module has, and longer names. */
  private static final int MOST = 1 << 20;

  private static final int LONGEST = 512;

  private final String[] names;
  private final long[] addresses;
  private final char[] letters;
  private final Integer[] byAddress;

  private ModuleSymbols(String[] names, long[] addresses, char[] letters) {
    this.names = names;
    this.addresses = addresses;
    this.letters = letters;
    this.byAddress = new Integer[names.length];
    Arrays.setAll(byAddress, i -> i);
    Arrays.sort(byAddress, (a, b) -> Long.compareUnsigned(addresses[a], addresses[b]));
  }

  /**
   * Reads them.
   *
   * @param table address of the {@code struct mod_kallsyms}
   * @throws MemoryFaultException when the table is not there; symbols that are not are left out
   */
  static Symbols read(Types types, VirtualMemory memory, long table) {
    long entries = types.field("mod_kallsyms", "symtab").get(memory, table);
    long strings = types.field("mod_kallsyms", "strtab").get(memory, table);
    long count = types.field("mod_kallsyms", "num_symtab").get(memory, table);
    long typetab =
        types.find("mod_kallsyms", "typetab").map(field -> field.get(memory, table)).orElse(0L);
    int most = Math.clamp(count, 0, MOST);
    String[] names = new String[Math.min(most, 1024)];
    long[] addresses = new long[names.length];
    char[] letters = new char[names.length];
    int found = 0;
    for (int i = 0; i < most; i++) {
      long entry = entries + (long) i * SYMBOL;
      byte[] name;
      try {
        name = memory.string(strings + memory.u32(entry), LONGEST);
      } catch (MemoryFaultException e) {
        break;
      }
      if (name.length == 0) {
        continue;
      }
      if (found == names.length) {
        names = Arrays.copyOf(names, 2 * found);
        addresses = Arrays.copyOf(addresses, 2 * found);
        letters = Arrays.copyOf(letters, 2 * found);
      }
      names[found] = new String(name, StandardCharsets.UTF_8);
      addresses[found] = memory.loadOrZero(entry + 8, 8);
      long letter = typetab == 0 ? 0 : memory.loadOrZero(typetab + i, 1);
      letters[found++] = letter == 0 ? '?' : (char) letter;
    }
    return new ModuleSymbols(
        Arrays.copyOf(names, found),
        Arrays.copyOf(addresses, found),
        Arrays.copyOf(letters, found));
  }

  @Override
  public int count() {
    return names.length;
  }

  @Override
  public String name(int index) {
    return names[index];
  }

  @Override
  public long address(int index) {
    return addresses[index];
  }

  @Override
  public char type(int index) {
    return letters[index];
  }

  @Override
  public OptionalLong find(String name) {
    int index = Arrays.asList(names).indexOf(name);
    return index < 0 ? OptionalLong.empty() : OptionalLong.of(addresses[index]);
  }

  @Override
  public int below(long address) {
    int low = 0;
    int high = byAddress.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(addresses[byAddress[middle]], address) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    // Of several at one address, the first; the sort kept their order.
    while (low > 1 && addresses[byAddress[low - 2]] == addresses[byAddress[low - 1]]) {
      low--;
    }
    return low == 0 ? -1 : byAddress[low - 1];
  }
}
