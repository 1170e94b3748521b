// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.ksym;

import java.util.Arrays;
import java.util.Optional;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.walk.container.BrokenException;

/**
 * What a module exports to all others, so far as the kernel calls that exported: not what is for
 * GPL modules alone, where these are apart. Source: include/linux/module.h, struct kernel_symbol.
 */
final class Exports {
  /** Symbols of one module. */
  private static final int MOST = 1 << 16;

  /** Symbols at one address that are looked at. */
  private static final int ALIASES = 64;

  private final VirtualMemory memory;
  private final Field table;
  private final Field number;
  private final Field value;
  private final Field name;
  private final boolean relative;
  private final int size;
  private long symbols;
  private int count;

  /** Addresses, in order. */
  private long[] values = {};

  Exports(VirtualMemory memory, Types types) {
    this.memory = memory;
    table = types.field("module", "syms");
    number = types.field("module", "num_syms");
    Optional<Field> offset = types.find("kernel_symbol", "value_offset");
    relative = offset.isPresent();
    value = relative ? offset.get() : types.field("kernel_symbol", "value");
    name = types.field("kernel_symbol", relative ? "name_offset" : "name");
    size = types.size("kernel_symbol");
  }

  /** Goes to a module. */
  void of(long module) {
    count = 0;
    values = new long[0];
    long claimed = number.get(memory, module);
    if (claimed > MOST) {
      throw new BrokenException("module", module, "would export " + claimed + " symbols");
    }
    symbols = table.get(memory, module);
    long[] read = new long[(int) claimed];
    for (int i = 0; i < read.length; i++) {
      read[i] = pointer(value, i);
    }
    values = read.clone();
    Arrays.sort(values);
    count = read.length;
  }

  /** Whether the symbol of this address and the entry's name is one. */
  boolean has(long address, KsymEntry entry) {
    if (Arrays.binarySearch(values, address) < 0) {
      return false;
    }
    int aliases = 0;
    for (int i = 0; i < count && aliases < ALIASES; i++) {
      if (pointer(value, i) == address) {
        aliases++;
        if (entry.hasName(pointer(name, i))) {
          return true;
        }
      }
    }
    return false;
  }

  private long pointer(Field field, int index) {
    long symbol = symbols + (long) index * size;
    long content = field.get(memory, symbol);
    return relative ? field.at(symbol) + content : content;
  }
}
