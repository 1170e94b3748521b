// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.ksym;

import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.walk.container.ListCursor;

/** BPF programs that are compiled, and what leads to them. Source: kernel/bpf/core.c. */
final class ProgramSymbols implements SymbolSource {
  private final VirtualMemory memory;
  private final ListCursor programs;
  private final Field link;
  private final Field start;
  private final Field name;

  /**
   * @param head address of the list of them
   */
  ProgramSymbols(VirtualMemory memory, Types types, long head) {
    this.memory = memory;
    programs = new ListCursor(memory);
    programs.start(head);
    link = types.field("bpf_ksym", "lnode");
    start = types.field("bpf_ksym", "start");
    name = types.field("bpf_ksym", "name");
  }

  @Override
  public boolean next(KsymEntry entry) {
    long node = programs.next();
    if (node == 0) {
      return false;
    }
    long program = node - link.offset();
    entry.name(name.at(program));
    entry.symbol(start.get(memory, program), 't', false);
    return true;
  }
}
