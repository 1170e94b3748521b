// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.ksym;

import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.walk.container.ListCursor;
import org.bpfdump.image.walk.container.Room;

/**
 * Functions that modules have freed after their start, which a tracer may still have names for. The
 * kernel tells the first of a module twice and the last not at all. Source: kernel/trace/ftrace.c,
 * ftrace_mod_get_kallsym.
 */
final class FreedSymbols implements SymbolSource {
  /** Bytes of a function's name, about. */
  private static final int LEAST = 64;

  private final VirtualMemory memory;
  private final Room room;
  private final ListCursor maps;
  private final ListCursor functions;
  private final Field mapLink;
  private final Field mapModule;
  private final Field mapFunctions;
  private final Field mapCount;
  private final Field link;
  private final Field name;
  private final Field at;
  private final Field moduleName;
  private long module;
  private long left;
  private long function;
  private boolean again;

  /**
   * @param head address of the list of modules' functions
   */
  FreedSymbols(VirtualMemory memory, Types types, Room room, long head) {
    this.memory = memory;
    this.room = room;
    maps = new ListCursor(memory);
    maps.start(head);
    functions = new ListCursor(memory);
    mapLink = types.field("ftrace_mod_map", "list");
    mapModule = types.field("ftrace_mod_map", "mod");
    mapFunctions = types.field("ftrace_mod_map", "funcs");
    mapCount = types.field("ftrace_mod_map", "num_funcs");
    link = types.field("ftrace_mod_func", "list");
    name = types.field("ftrace_mod_func", "name");
    at = types.field("ftrace_mod_func", "ip");
    moduleName = types.field("module", "name");
  }

  @Override
  public boolean next(KsymEntry entry) {
    while (true) {
      if (left > 0) {
        left--;
        if (again) {
          again = false;
        } else {
          again = function == 0;
          long node = functions.next();
          function = node - link.offset();
          if (node == 0) {
            left = 0;
            continue;
          }
        }
        room.take(LEAST);
        entry.name(name.get(memory, function));
        entry.module(moduleName.at(module));
        entry.symbol(at.get(memory, function), 'T', true);
        return true;
      }
      long node = maps.next();
      if (node == 0) {
        return false;
      }
      long map = node - mapLink.offset();
      module = mapModule.get(memory, map);
      function = 0;
      again = false;
      functions.start(mapFunctions.at(map));
      left = mapCount.get(memory, map);
    }
  }
}
