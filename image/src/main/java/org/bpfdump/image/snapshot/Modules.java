// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.image.memory.VirtualMemory;

/**
 * The modules of a kernel. Source: include/linux/module.h, kernel/bpf/btf.c. A list that is broken
 * ends where it breaks.
 */
final class Modules {
  /** More modules, and more bytes of one's types, than there are. */
  private static final int MOST = 10_000;

  private static final int MOST_BTF = 1 << 24;
  private static final int LONGEST_NAME = 64;

  /** The value of {@code module.state} of one that is being put together. */
  private static final int UNFORMED = 3;

  private final Snapshot snapshot;
  private final Types types;
  private final VirtualMemory memory;

  Modules(Snapshot snapshot) {
    this.snapshot = snapshot;
    this.types = snapshot.types();
    this.memory = snapshot.memory();
  }

  List<KernelModule> read() {
    List<KernelModule> modules = new ArrayList<>();
    if (!types.has("module")) {
      return modules;
    }
    Map<Long, Btf> btfs = btfs();
    for (long module : list(Root.MODULES, types.field("module", "list"))) {
      try {
        if (types.field("module", "state").get(memory, module) != UNFORMED) {
          modules.add(module(module, Optional.ofNullable(btfs.get(module))));
        }
      } catch (MemoryFaultException e) {
        // This one is not in the file; the list goes on, as its link was.
      }
    }
    return modules;
  }

  private KernelModule module(long module, Optional<Btf> btf) {
    byte[] name = memory.string(types.field("module", "name").at(module), LONGEST_NAME);
    long base = 0;
    long size = 0;
    Optional<Field> old = types.find("module", "core_layout");
    if (old.isPresent()) {
      base = types.field("module", "core_layout.base").get(memory, module);
      size = types.field("module", "core_layout.size").get(memory, module);
    } else {
      Field parts = types.field("module", "mem");
      int part = types.size("module_memory");
      Field partBase = types.field("module_memory", "base");
      Field partSize = types.field("module_memory", "size");
      base = partBase.get(memory, parts.at(module));
      int core = coreParts(parts.size() / part);
      for (int i = 0; i < core; i++) {
        size += partSize.get(memory, parts.at(module) + (long) i * part);
      }
    }
    return new KernelModule(
        new String(name, StandardCharsets.UTF_8), module, base, size, symbols(module), btf);
  }

  /** How many of a module's parts stay after it was initialized: those before {@code init}'s. */
  private int coreParts(int all) {
    for (int id : types.btf().withEnumerator("MOD_INIT_TEXT")) {
      if (types.btf().type(id) instanceof BtfType.Enumeration enumeration) {
        for (BtfType.Enumerator enumerator : enumeration.values()) {
          if (enumerator.name().equals("MOD_INIT_TEXT")) {
            return Math.clamp(enumerator.value(), 0, all);
          }
        }
      }
    }
    return all;
  }

  private Symbols symbols(long module) {
    Optional<Field> kallsyms = types.find("module", "kallsyms");
    if (kallsyms.isEmpty()) {
      return new NoSymbols();
    }
    try {
      long table = kallsyms.get().get(memory, module);
      return table == 0 ? new NoSymbols() : ModuleSymbols.read(types, memory, table);
    } catch (MemoryFaultException e) {
      return new NoSymbols();
    }
  }

  /** Types by the address of the module that has them. */
  private Map<Long, Btf> btfs() {
    Map<Long, Btf> found = new HashMap<>();
    if (types.find("btf_module", "btf").isEmpty()) {
      return found;
    }
    Field module = types.field("btf_module", "module");
    Field btf = types.field("btf_module", "btf");
    Field data = types.field("btf", "data");
    Field size = types.field("btf", "data_size");
    for (long entry : list(Root.BTF_MODULES, types.field("btf_module", "list"))) {
      try {
        long struct = btf.get(memory, entry);
        long length = size.get(memory, struct);
        if (length > 0 && length <= MOST_BTF) {
          byte[] bytes = new byte[(int) length];
          memory.read(data.get(memory, struct), bytes, 0, bytes.length);
          found.put(module.get(memory, entry), Btf.parse(bytes, snapshot.btf()));
        }
      } catch (BpfdumpException e) {
        // A module without types that can be read is a module all the same.
      }
    }
    return found;
  }

  /** The structs on a list, up to where it is broken. */
  private List<Long> list(Root root, Field link) {
    List<Long> entries = new ArrayList<>();
    OptionalLong head = snapshot.find(root);
    if (head.isPresent()) {
      Set<Long> seen = new HashSet<>();
      try {
        long at = memory.u64(head.getAsLong());
        while (at != head.getAsLong() && entries.size() < MOST && seen.add(at)) {
          entries.add(at - link.offset());
          at = memory.u64(at);
        }
      } catch (MemoryFaultException e) {
        // What was found so far is true.
      }
    }
    return entries;
  }
}
