// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.asm.Code;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.error.RelocationException;
import org.bpfdump.relo.CoreRelocator;
import org.bpfdump.spec.ProgramSpec;
import org.bpfdump.spec.Relocation;

/**
 * Fills in what a program leaves to the kernel it is loaded on. First everything that the kernel's
 * types and symbols answer; then, once there are maps, their descriptors.
 */
final class Relocating {
  /** What the source register of a 64-bit immediate load or a call says the immediate is. */
  private static final int PSEUDO_MAP_FD = 1;

  private static final int PSEUDO_MAP_VALUE = 2;
  private static final int PSEUDO_BTF_ID = 3;
  private static final int PSEUDO_KFUNC_CALL = 2;

  /** What a call of a missing weak kfunc calls: no helper has this number. */
  private static final int POISONED_KFUNC = 2002000000;

  private final LiveKernel kernel;
  private final ProgramSpec program;
  private final long[] slots;
  private final CoreRelocator types;

  /** BTF descriptors of the modules whose functions are called; calls name them by index from 1. */
  private final List<Integer> moduleFds = new ArrayList<>();

  Relocating(LiveKernel kernel, ProgramSpec program) {
    this.kernel = kernel;
    this.program = program;
    this.slots = program.code().toArray();
    this.types =
        program
            .btf()
            .map(btf -> new CoreRelocator(btf, kernel.btf(), kernel.modules()::types))
            .orElse(null);
  }

  /** The instructions as far as they are relocated. */
  long[] slots() {
    return slots;
  }

  /** The descriptors that calls refer to by index, as bytes; empty for none. */
  byte[] descriptors() {
    if (moduleFds.isEmpty()) {
      return new byte[0];
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(4 * (moduleFds.size() + 1)).order(ByteOrder.nativeOrder());
    bytes.putInt(0); // index 0 is the kernel itself
    for (int fd : moduleFds) {
      bytes.putInt(fd);
    }
    return bytes.array();
  }

  /** Resolves types, symbols and functions. Makes nothing in the kernel. */
  void resolveTypes() {
    for (Relocation relocation : program.relocations()) {
      switch (relocation) {
        case Relocation.Core(int slot, var question) ->
            types.apply(program.name(), slots, slot, question);
        case Relocation.KsymAddress symbol -> address(symbol);
        case Relocation.KsymVariable symbol -> variable(symbol);
        case Relocation.Kfunc call -> function(call);
        case Relocation.KfuncAddress function -> functionAddress(function);
        case Relocation.MapReference _, Relocation.MapValue _ -> {}
      }
    }
  }

  /** Puts in the descriptors of maps. */
  void resolveMaps(Maps maps) {
    for (Relocation relocation : program.relocations()) {
      switch (relocation) {
        case Relocation.MapReference(int slot, int map) ->
            load(slot, PSEUDO_MAP_FD, fd(maps, map), 0);
        case Relocation.MapValue(int slot, int map, int offset) ->
            load(slot, PSEUDO_MAP_VALUE, fd(maps, map), offset);
        case Relocation.Core _,
            Relocation.KsymAddress _,
            Relocation.KsymVariable _,
            Relocation.Kfunc _,
            Relocation.KfuncAddress _ -> {}
      }
    }
  }

  private int fd(Maps maps, int map) {
    return maps.of(program.maps().get(map)).number();
  }

  /** Makes the 64-bit immediate load at a slot one of these two halves. */
  private void load(int slot, int source, int low, int high) {
    slots[slot] = Code.withImmediate(Code.withSrc(slots[slot], source), low);
    slots[slot + 1] = Code.withImmediate(slots[slot + 1], high);
  }

  private void address(Relocation.KsymAddress symbol) {
    long address = Kallsyms.address(symbol.name());
    if (address == 0 && !symbol.weak()) {
      throw missing("symbol", symbol.name(), "is not in /proc/kallsyms");
    }
    load(symbol.slot(), 0, (int) address, (int) (address >>> 32));
  }

  private void variable(Relocation.KsymVariable symbol) {
    Found found = find(symbol.name(), BtfType.Var.class);
    if (found == null) {
      if (!symbol.weak()) {
        throw missing("variable", symbol.name(), "is not in this kernel's BTF");
      }
      load(symbol.slot(), 0, 0, 0);
      return;
    }
    if (found.type instanceof BtfType.Var variable
        && !types.compatible(symbol.type(), found.btf, variable.type())) {
      throw missing("variable", symbol.name(), "has another type in this kernel");
    }
    load(symbol.slot(), PSEUDO_BTF_ID, found.id, found.fd);
  }

  private void function(Relocation.Kfunc call) {
    int slot = call.slot();
    Found found = function(call.name(), call.type(), call.weak());
    if (found == null) {
      int opcode = Code.opcode(slots[slot]);
      int number = POISONED_KFUNC + program.relocations().indexOf(call);
      slots[slot] = Code.slot(opcode, 0, 0, 0, number);
      return;
    }
    int index = 0;
    if (found.fd != 0) {
      index = moduleFds.indexOf(found.fd) + 1;
      if (index == 0) {
        moduleFds.add(found.fd);
        index = moduleFds.size();
      }
    }
    slots[slot] =
        Code.withImmediate(
            Code.withOffset(Code.withSrc(slots[slot], PSEUDO_KFUNC_CALL), index), found.id);
  }

  private void functionAddress(Relocation.KfuncAddress address) {
    Found found = function(address.name(), address.type(), address.weak());
    if (found == null) {
      load(address.slot(), 0, 0, 0);
    } else {
      load(address.slot(), PSEUDO_BTF_ID, found.id, found.fd);
    }
  }

  /** A kernel function that can be called as declared; null when there is none and it is weak. */
  private Found function(String name, int prototype, boolean weak) {
    Found found = find(Btf.essentialName(name), BtfType.Func.class);
    String why = "is not in this kernel's BTF";
    if (found != null && found.type instanceof BtfType.Func function) {
      if (types.compatible(prototype, found.btf, function.type())) {
        return found;
      }
      why = "has another prototype in this kernel";
    }
    if (weak) {
      return null;
    }
    throw missing("kernel function", name, why);
  }

  /** A thing found in the kernel ({@code fd} 0) or in a module. */
  private record Found(Btf btf, int id, BtfType type, int fd) {}

  private Found find(String name, Class<? extends BtfType> kind) {
    int id = kernel.btf().findId(name, kind);
    if (id != 0) {
      return new Found(kernel.btf(), id, kernel.btf().type(id), 0);
    }
    for (Modules.Module module : kernel.modules().loaded()) {
      id = module.btf().findId(name, kind);
      if (id != 0) {
        return new Found(module.btf(), id, module.btf().type(id), module.fd().number());
      }
    }
    return null;
  }

  private RelocationException missing(String what, String name, String why) {
    return new RelocationException(
        "cannot load program "
            + program.name()
            + ": "
            + what
            + " "
            + name
            + " "
            + why
            + "; declare it __weak and check for it, or run a kernel that has it");
  }

  /** What the relocation at a slot asked for, as a person reads it; empty when there is none. */
  String describe(int slot) {
    for (Relocation relocation : program.relocations()) {
      if (relocation.slot() == slot) {
        return switch (relocation) {
          case Relocation.Core(int _, var question) -> types.describe(question);
          case Relocation.Kfunc call -> "kernel function " + call.name();
          case Relocation.KfuncAddress function -> "kernel function " + function.name();
          case Relocation.KsymAddress symbol -> "symbol " + symbol.name();
          case Relocation.KsymVariable symbol -> "variable " + symbol.name();
          case Relocation.MapReference _, Relocation.MapValue _ -> "";
        };
      }
    }
    return "";
  }
}
