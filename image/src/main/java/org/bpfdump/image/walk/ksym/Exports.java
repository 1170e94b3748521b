// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.ksym;

import java.util.Arrays;
import java.util.Optional;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.walk.container.BrokenException;
import org.bpfdump.image.walk.container.Room;

/**
 * What a module exports to all others, so far as the kernel calls that exported: not what is for
 * GPL modules alone, where these are apart. Source: include/linux/module.h, struct kernel_symbol.
 */
final class Exports {
  /** Symbols of one module. */
  private static final int MOST = 1 << 16; // so that an index has 16 bits

  /** Symbols at one address that are looked at. */
  private static final int ALIASES = 64;

  /** How many bits of what is sorted are an index. */
  private static final int INDEX = 16;

  private final VirtualMemory memory;
  private final Room room;
  private final Field table;
  private final Field number;
  private final Field value;
  private final Field name;
  private final boolean relative;
  private final int size;
  private long symbols;

  /** Of each symbol the lower bits of its address, and behind them its index; in order. */
  private long[] sorted = {};

  Exports(VirtualMemory memory, Types types, Room room) {
    this.memory = memory;
    this.room = room;
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
    sorted = new long[0];
    long claimed = number.get(memory, module);
    if (claimed > MOST) {
      throw new BrokenException("module", module, "would export " + claimed + " symbols");
    }
    symbols = table.get(memory, module);
    room.take(claimed * size);
    long[] read = new long[(int) claimed];
    for (int i = 0; i < read.length; i++) {
      read[i] = pointer(value, i) << INDEX | i;
    }
    Arrays.sort(read);
    sorted = read;
  }

  /** Whether the symbol of this address and the entry's name is one. */
  boolean has(long address, KsymEntry entry) {
    int found = Arrays.binarySearch(sorted, address << INDEX);
    int from = found < 0 ? -found - 1 : found;
    int end = Math.min(sorted.length, from + ALIASES);
    for (int i = from; i < end && sorted[i] >> INDEX == address << INDEX >> INDEX; i++) {
      int index = (int) sorted[i] & (1 << INDEX) - 1;
      if (pointer(value, index) == address && entry.hasName(pointer(name, index))) {
        return true;
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
