// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.ksym;

import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.walk.container.ListCursor;

/** Pages of code that probes are run from. Source: kernel/kprobes.c, kprobe_cache_get_kallsym. */
final class ProbeSymbols implements SymbolSource {
  private final VirtualMemory memory;
  private final ListCursor pages;
  private final long cache;
  private final Field link;
  private final Field code;
  private final Field name;

  /**
   * @param cache address of a {@code struct kprobe_insn_cache}
   */
  ProbeSymbols(VirtualMemory memory, Types types, long cache) {
    this.memory = memory;
    this.cache = cache;
    pages = new ListCursor(memory);
    pages.start(types.field("kprobe_insn_cache", "pages").at(cache));
    name = types.field("kprobe_insn_cache", "sym");
    link = types.field("kprobe_insn_page", "list");
    code = types.field("kprobe_insn_page", "insns");
  }

  @Override
  public boolean next(KsymEntry entry) {
    long node = pages.next();
    if (node == 0) {
      return false;
    }
    entry.name(name.get(memory, cache));
    entry.symbol(code.get(memory, node - link.offset()), 't', false);
    return true;
  }
}
