// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.ksym;

import java.util.Optional;
import java.util.OptionalLong;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.snapshot.Symbols;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.walk.GuardedWalk;
import org.bpfdump.image.walk.WalkContext;

/**
 * One part of the symbols after the other. Where a part ends is kept in the object, and the last
 * call is made with what the vain search after the last symbol has left there. Source:
 * kernel/kallsyms.c.
 */
final class KsymWalk extends GuardedWalk {
  private static final byte[] NO_MODULE = {};

  private final Symbols symbols;
  private final KsymEntry entry;
  private final Part[] parts;
  private int index;
  private int part = -1;
  private long position;

  /**
   * Symbols that are not in the kernel's own table.
   *
   * @param sources where they are
   * @param module what is called their module before one is looked for; empty when each tells
   * @param end the member that keeps where they ended
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Part(SymbolSource[] sources, byte[] module, Optional<Field> end) {}

  /** Makes a source on what a root has. */
  private interface Making {
    SymbolSource on(VirtualMemory memory, Types types, long root);
  }

  KsymWalk(WalkContext context) {
    super(context);
    Snapshot snapshot = context.snapshot();
    Types types = snapshot.types();
    symbols = snapshot.symbols();
    entry = new KsymEntry(context);
    if (symbols.count() == 0) {
      notes.missing("the kernel's own symbols: this image does not have them");
    }
    SymbolSource programs =
        areProgramsShown(snapshot)
            ? source(snapshot, Root.BPF_KALLSYMS, "bpf_ksym", ProgramSymbols::new)
            : SymbolSource.NONE;
    parts =
        new Part[] {
          new Part(new SymbolSource[0], NO_MODULE, end(types, "pos_arch_end")),
          new Part(
              new SymbolSource[] {
                source(
                    snapshot,
                    Root.MODULES,
                    "kernel_symbol",
                    (memory, layouts, at) -> new ModuleSymbols(memory, layouts, room, at))
              },
              NO_MODULE,
              end(types, "pos_mod_end")),
          new Part(
              new SymbolSource[] {
                source(
                    snapshot,
                    Root.FTRACE_MOD_MAPS,
                    "ftrace_mod_func",
                    (memory, layouts, at) -> new FreedSymbols(memory, layouts, room, at)),
                source(
                    snapshot,
                    Root.FTRACE_OPS_TRAMPOLINE_LIST,
                    "ftrace_mod_map",
                    TrampolineSymbols::new)
              },
              NO_MODULE,
              end(types, "pos_ftrace_mod_end")),
          new Part(new SymbolSource[] {programs}, KsymEntry.text("bpf"), end(types, "pos_bpf_end")),
          new Part(
              new SymbolSource[] {
                source(snapshot, Root.KPROBE_INSN_SLOTS, "kprobe_insn_cache", ProbeSymbols::new),
                source(snapshot, Root.KPROBE_OPTINSN_SLOTS, "optimized_kprobe", ProbeSymbols::new)
              },
              KsymEntry.text("__builtin__kprobes"),
              Optional.empty())
        };
  }

  private static Optional<Field> end(Types types, String member) {
    return types.find("kallsym_iter", member);
  }

  /**
   * A source of symbols.
   *
   * @param struct that a kernel with such symbols has
   */
  private SymbolSource source(Snapshot snapshot, Root root, String struct, Making making) {
    if (!snapshot.types().has(struct)) {
      return SymbolSource.NONE;
    }
    OptionalLong address = snapshot.find(root);
    if (address.isEmpty()) {
      notes.missing(
          "the symbols that " + root.symbol() + " leads to: the image does not say where it is");
      return SymbolSource.NONE;
    }
    return making.on(memory, snapshot.types(), address.getAsLong());
  }

  private boolean areProgramsShown(Snapshot snapshot) {
    OptionalLong shown = snapshot.find(Root.BPF_JIT_KALLSYMS);
    OptionalLong harden = snapshot.find(Root.BPF_JIT_HARDEN);
    return (shown.isEmpty() || memory.loadOrZero(shown.getAsLong(), 4) == 1)
        && (harden.isEmpty() || memory.loadOrZero(harden.getAsLong(), 4) == 0);
  }

  @Override
  protected String place() {
    return "the kernel's symbols";
  }

  @Override
  protected boolean step(long[] arguments) {
    arguments[0] = entry.address();
    return index < symbols.count() ? own() : others();
  }

  private boolean own() {
    int at = index++;
    position = index;
    entry.name(symbols, at);
    entry.nameOffset(symbols.nameOffset(index));
    entry.position(position);
    entry.symbol(symbols.address(at), symbols.type(at), false);
    return true;
  }

  private boolean others() {
    part = Math.max(part, 0);
    entry.position(position);
    while (part < parts.length) {
      Part now = parts[part];
      if (now.module.length > 0) {
        entry.module(now.module);
        entry.exported(false);
      }
      for (SymbolSource source : now.sources) {
        if (source.next(entry)) {
          position++;
          return true;
        }
      }
      entry.end(now.end, position);
      part++;
    }
    return false;
  }

  @Override
  public boolean last(long[] arguments) {
    arguments[0] = entry.address();
    return true;
  }
}
