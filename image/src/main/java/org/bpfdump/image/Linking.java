// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.bpfdump.asm.Code;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.error.ProgramException;
import org.bpfdump.error.RelocationException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.error.VerifierException;
import org.bpfdump.image.snapshot.KernelModule;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.snapshot.Symbols;
import org.bpfdump.image.vm.Helper;
import org.bpfdump.image.vm.Program;
import org.bpfdump.image.vm.Reach;
import org.bpfdump.image.vm.helper.Helpers;
import org.bpfdump.image.vm.helper.Kfuncs;
import org.bpfdump.image.vm.map.MapTable;
import org.bpfdump.relo.CoreRelocator;
import org.bpfdump.spec.ProgramSpec;
import org.bpfdump.spec.Relocation;

/**
 * Fills in what a program leaves to the kernel it is loaded on: types and symbols as the image has
 * them, addresses of its maps, and for each call what it calls. As on a running kernel, what is not
 * there may be referred to as long as it is not reached: here that is found out when the program
 * runs. What images lack is refused before, unless {@link Reach} says that it is not reached.
 */
final class Linking {
  private static final int LOAD_IMM64 = 0x18;
  private static final int CALL = 0x85;

  /** What the source register of a call says the immediate is. */
  private static final int HELPER = 0;

  private static final int FUNCTION_OF_KERNEL = 2;

  private final Snapshot snapshot;
  private final ProgramSpec program;
  private final MapTable maps;
  private final long[] slots;
  private final CoreRelocator types;
  private final Map<Integer, Helper> calls = new HashMap<>();

  /** Why an image does not have what is called, by slot: nobody asks where nothing gets there. */
  private final NavigableMap<Integer, BpfdumpException> refused = new TreeMap<>();

  private Linking(Snapshot snapshot, ProgramSpec program, MapTable maps) {
    this.snapshot = snapshot;
    this.program = program;
    this.maps = maps;
    this.slots = program.code().toArray();
    this.types =
        program
            .btf()
            .map(btf -> new CoreRelocator(btf, snapshot.btf(), this::moduleTypes))
            .orElse(null);
  }

  /**
   * The program for this image.
   *
   * @throws RelocationException when it means something that this kernel does not have
   * @throws UnsupportedException when it calls what has no meaning on an image
   */
  static Program link(Snapshot snapshot, ProgramSpec program, MapTable maps) {
    Linking linking = new Linking(snapshot, program, maps);
    linking.relocate();
    linking.helpers();
    Program linked =
        new Program(program.name(), Code.of(linking.slots), linking.calls, Catcher.find(program));
    linking.requireUnreached(linked);
    return linked;
  }

  /** As on a running kernel, what constants keep from being run may be anything. */
  private void requireUnreached(Program linked) {
    if (!refused.isEmpty()) {
      BitSet reached = Reach.of(linked.code(), linked.catcher(), maps::constant);
      refused.forEach((slot, why) -> {
        if (reached.get(slot)) {
          throw why;
        }
      });
    }
  }

  private List<Btf> moduleTypes() {
    List<Btf> types = new ArrayList<>();
    for (KernelModule module : snapshot.modules()) {
      module.btf().ifPresent(types::add);
    }
    return types;
  }

  private void relocate() {
    for (Relocation relocation : program.relocations()) {
      switch (relocation) {
        case Relocation.Core core -> core(core);
        case Relocation.KsymAddress symbol -> address(symbol);
        case Relocation.KsymVariable symbol -> variable(symbol);
        case Relocation.Kfunc call -> function(call);
        case Relocation.KfuncAddress function -> functionAddress(function);
        case Relocation.MapReference(int slot, int map) -> load(slot, maps.handle(map));
        case Relocation.MapValue(int slot, int map, int offset) ->
            load(slot, maps.value(map, offset));
      }
    }
  }

  private void core(Relocation.Core core) {
    int slot = core.slot();
    boolean wide = slot >= 0 && slot < slots.length && Code.opcode(slots[slot]) == LOAD_IMM64;
    if (!types.apply(program.name(), slots, slot, core.relocation())) {
      poison(slot, types.describe(core.relocation()));
      if (wide) {
        poison(slot + 1, types.describe(core.relocation()));
      }
    }
  }

  /** Lets a call fail when it is reached. */
  private void poison(int slot, String what) {
    String message = "needs " + what + ", which this kernel does not have";
    calls.put(
        slot,
        (_, _, _, _, _, _) -> {
          throw new ProgramException(message);
        });
  }

  /** Makes the 64-bit immediate load at a slot one of this number. */
  private void load(int slot, long value) {
    slots[slot] = Code.withImmediate(Code.withSrc(slots[slot], 0), (int) value);
    slots[slot + 1] = Code.withImmediate(slots[slot + 1], (int) (value >>> 32));
  }

  private void address(Relocation.KsymAddress symbol) {
    long address = new SymbolSearch(snapshot).address(symbol.name());
    if (address == 0 && !symbol.weak()) {
      throw noSymbol("symbol", symbol.name());
    }
    load(symbol.slot(), address);
  }

  private void variable(Relocation.KsymVariable symbol) {
    Found found = find(symbol.name(), BtfType.Var.class);
    if (found == null) {
      if (!symbol.weak()) {
        throw missing("variable", symbol.name(), "is not in this kernel's BTF");
      }
      load(symbol.slot(), 0);
      return;
    }
    if (found.type instanceof BtfType.Var variable
        && !types.compatible(symbol.type(), found.btf, variable.type())) {
      throw missing("variable", symbol.name(), "has another type in this kernel");
    }
    long address = found.symbols.find(symbol.name()).orElse(0);
    if (address == 0 && !symbol.weak()) {
      throw noSymbol("variable", symbol.name());
    }
    load(symbol.slot(), address);
  }

  private RelocationException noSymbol(String what, String name) {
    return snapshot.symbols().count() == 0
        ? new RelocationException(
            "cannot load program "
                + program.name()
                + ": "
                + what
                + " "
                + name
                + " is not known, since this image has no symbols: give those of its kernel with"
                + " --symbols System.map or --symbols vmlinux")
        : missing(what, name, "is not among this kernel's symbols");
  }

  private void function(Relocation.Kfunc call) {
    slots[call.slot()] = Code.slot(CALL, 0, 0, 0, CoreRelocator.POISON);
    if (callable(call.name(), call.type(), call.weak()) == null) {
      poison(call.slot(), "kernel function " + call.name());
      return;
    }
    answer(call.slot(), Btf.essentialName(call.name()));
  }

  private void answer(int slot, String function) {
    try {
      calls.put(slot, Kfuncs.require(function, program.name(), program.btf()));
    } catch (UnsupportedException e) {
      refused.put(slot, e);
    }
  }

  /** What a call calls that was made for this very kernel: a type of its own, by number. */
  private void numbered(int slot) {
    int type = Code.immediate(slots[slot]);
    if (Code.offset(slots[slot]) == 0
        && type > 0
        && type < snapshot.btf().size()
        && snapshot.btf().type(type) instanceof BtfType.Func function) {
      answer(slot, function.name());
    }
  }

  private void functionAddress(Relocation.KfuncAddress function) {
    Found found = callable(function.name(), function.type(), function.weak());
    // Programs only ask whether it is there: any other number than 0 says so.
    load(
        function.slot(),
        found == null ? 0 : found.symbols.find(Btf.essentialName(function.name())).orElse(1));
  }

  /** A kernel function that can be called as declared; null when there is none and it is weak. */
  private Found callable(String name, int prototype, boolean weak) {
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

  /** A thing found in the kernel or in a module. */
  private record Found(Btf btf, BtfType type, Symbols symbols) {}

  private Found find(String name, Class<? extends BtfType> kind) {
    Btf btf = snapshot.btf();
    int id = btf.findId(name, kind);
    if (id != 0) {
      return new Found(btf, btf.type(id), snapshot.symbols());
    }
    for (KernelModule module : snapshot.modules()) {
      int own = module.btf().map(types -> types.findId(name, kind)).orElse(0);
      if (own != 0) {
        Btf types = module.btf().get();
        return new Found(types, types.type(own), module.symbols());
      }
    }
    return null;
  }

  /** Finds what each call of a helper calls, and of a kernel function by its number. */
  private void helpers() {
    for (int slot = 0; slot < slots.length; slot++) {
      int opcode = Code.opcode(slots[slot]);
      if (opcode == LOAD_IMM64) {
        slot++;
      } else if (opcode == CALL && !calls.containsKey(slot)) {
        call(slot);
      }
    }
  }

  private void call(int slot) {
    int what = Code.src(slots[slot]);
    if (what == FUNCTION_OF_KERNEL) {
      numbered(slot);
    } else if (what == HELPER) {
      int helper = Code.immediate(slots[slot]);
      try {
        Licence.require(program, helper, snapshot.btf());
        calls.put(slot, Helpers.require(helper, snapshot.btf(), program.name()));
      } catch (UnsupportedException | VerifierException e) {
        refused.put(slot, e);
      }
    }
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
}
