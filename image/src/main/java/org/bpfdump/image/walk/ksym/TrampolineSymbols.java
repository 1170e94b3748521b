// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.ksym;

import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.walk.container.ListCursor;

/** Code that tracers have made. Source: kernel/trace/ftrace.c, ftrace_get_trampoline_kallsym. */
final class TrampolineSymbols implements SymbolSource {
  private static final byte[] NAME = KsymEntry.text("ftrace_trampoline");
  private static final byte[] MODULE = KsymEntry.text("__builtin__ftrace");

  private final VirtualMemory memory;
  private final ListCursor tracers;
  private final Field link;
  private final Field trampoline;

  /**
   * @param head address of the list of tracers
   */
  TrampolineSymbols(VirtualMemory memory, Types types, long head) {
    this.memory = memory;
    tracers = new ListCursor(memory);
    tracers.start(head);
    link = types.field("ftrace_ops", "list");
    trampoline = types.field("ftrace_ops", "trampoline");
  }

  @Override
  public boolean next(KsymEntry entry) {
    for (long node; (node = tracers.next()) != 0; ) {
      long code = trampoline.get(memory, node - link.offset());
      if (code != 0) {
        entry.name(NAME);
        entry.module(MODULE);
        entry.symbol(code, 't', false);
        return true;
      }
    }
    return false;
  }
}
