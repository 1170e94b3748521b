// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.ksym;

import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.walk.container.BrokenException;
import org.bpfdump.image.walk.container.ListCursor;
import org.bpfdump.image.walk.container.Room;

/**
 * The symbols of modules, with that of no name that each table begins with. Source:
 * kernel/module/kallsyms.c.
 */
final class ModuleSymbols implements SymbolSource {
  /** {@code MODULE_STATE_UNFORMED}: a module that is being set up. */
  private static final int UNFORMED = 3;

  /** Symbols of one module; the largest have 30,000. */
  private static final int MOST = 1 << 20;

  private final VirtualMemory memory;
  private final Room room;
  private final ListCursor modules;
  private final Exports exports;
  private final Field link;
  private final Field state;
  private final Field kallsyms;
  private final Field name;
  private final Field table;
  private final Field number;
  private final Field strings;
  private final Field letters;
  private final Field symbolName;
  private final Field symbolValue;
  private final int size;
  private long module;
  private long symbols;
  private long text;
  private long types;
  private int count;
  private int index;

  /**
   * @param head address of the list of modules
   */
  ModuleSymbols(VirtualMemory memory, Types layouts, Room room, long head) {
    this.memory = memory;
    this.room = room;
    modules = new ListCursor(memory);
    modules.start(head);
    exports = new Exports(memory, layouts, room);
    link = layouts.field("module", "list");
    state = layouts.field("module", "state");
    kallsyms = layouts.field("module", "kallsyms");
    name = layouts.field("module", "name");
    table = layouts.field("mod_kallsyms", "symtab");
    number = layouts.field("mod_kallsyms", "num_symtab");
    strings = layouts.field("mod_kallsyms", "strtab");
    letters = layouts.field("mod_kallsyms", "typetab");
    symbolName = layouts.field("elf64_sym", "st_name");
    symbolValue = layouts.field("elf64_sym", "st_value");
    size = layouts.size("elf64_sym");
  }

  @Override
  public boolean next(KsymEntry entry) {
    while (index == count) {
      long node = modules.next();
      if (node == 0) {
        return false;
      }
      long next = node - link.offset();
      if (state.get(memory, next) != UNFORMED) {
        enter(next);
      }
    }
    int at = index++;
    long symbol = symbols + (long) at * size;
    long value = symbolValue.get(memory, symbol);
    int letter = memory.u8(types + at);
    entry.name(text + symbolName.get(memory, symbol));
    entry.module(name.at(module));
    entry.symbol(value, letter, exports.has(value, entry));
    return true;
  }

  private void enter(long next) {
    count = 0;
    index = 0;
    module = next;
    long found = kallsyms.get(memory, next);
    symbols = table.get(memory, found);
    text = strings.get(memory, found);
    types = letters.get(memory, found);
    long claimed = number.get(memory, found);
    if (claimed > MOST) {
      throw new BrokenException("module", next, "would have " + claimed + " symbols");
    }
    room.take(claimed * size);
    exports.of(next);
    count = (int) claimed;
  }
}
