// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.bpfdump.asm.Code;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.error.ProgramException;
import org.bpfdump.error.RelocationException;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.vm.Helper;
import org.bpfdump.image.vm.Program;
import org.bpfdump.image.vm.helper.Helpers;
import org.bpfdump.image.vm.map.MapTable;
import org.bpfdump.relo.CoreRelocator;
import org.bpfdump.spec.ProgramSpec;
import org.bpfdump.spec.Relocation;

/**
 * Fills in what a program leaves to the kernel it is loaded on: types and symbols as the image has
 * them, addresses of its maps, and for each call what it calls. As on a running kernel, what is not
 * there may be referred to as long as it is not reached: here that is found out when the program
 * runs.
 */
final class Linking {
  private static final int LOAD_IMM64 = 0x18;
  private static final int CALL = 0x85;

  /** What the source register of a call says the immediate is. */
  private static final int HELPER = 0;

  private final Snapshot snapshot;
  private final ProgramSpec program;
  private final MapTable maps;
  private final long[] slots;
  private final CoreRelocator types;
  private final Map<Integer, Helper> calls = new HashMap<>();

  private Linking(Snapshot snapshot, ProgramSpec program, MapTable maps) {
    this.snapshot = snapshot;
    this.program = program;
    this.maps = maps;
    this.slots = program.code().toArray();
    this.types =
        program
            .btf()
            .map(btf -> new CoreRelocator(btf, snapshot.btf(), () -> List.of()))
            .orElse(null);
  }

  /**
   * The program for this image.
   *
   * @throws RelocationException when it means something that this kernel does not have
   * @throws org.bpfdump.error.UnsupportedException when it calls what has no meaning on an image
   */
  static Program link(Snapshot snapshot, ProgramSpec program, MapTable maps) {
    Linking linking = new Linking(snapshot, program, maps);
    linking.relocate();
    linking.helpers();
    return new Program(program.name(), Code.of(linking.slots), linking.calls);
  }

  private void relocate() {
    for (Relocation relocation : program.relocations()) {
      switch (relocation) {
        case Relocation.Core core -> core(core);
        case Relocation.KsymAddress symbol ->
            load(symbol.slot(), address(symbol.name(), symbol.weak(), "symbol"));
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

  private long address(String name, boolean weak, String what) {
    OptionalLong address = snapshot.symbols().find(name);
    if (address.isEmpty() && !weak) {
      throw missing(what, name, "is not among this kernel's symbols");
    }
    return address.orElse(0);
  }

  private void variable(Relocation.KsymVariable symbol) {
    Btf btf = snapshot.btf();
    int id = btf.findId(symbol.name(), BtfType.Var.class);
    if (id == 0) {
      if (!symbol.weak()) {
        throw missing("variable", symbol.name(), "is not in this kernel's BTF");
      }
      load(symbol.slot(), 0);
      return;
    }
    if (btf.type(id) instanceof BtfType.Var variable
        && !types.compatible(symbol.type(), btf, variable.type())) {
      throw missing("variable", symbol.name(), "has another type in this kernel");
    }
    load(symbol.slot(), address(symbol.name(), symbol.weak(), "variable"));
  }

  private void function(Relocation.Kfunc call) {
    slots[call.slot()] = Code.slot(CALL, 0, 0, 0, CoreRelocator.POISON);
    if (!isThere(call.name(), call.type(), call.weak())) {
      poison(call.slot(), "kernel function " + call.name());
      return;
    }
    throw new org.bpfdump.error.UnsupportedException(
        "program "
            + program.name()
            + " calls "
            + Btf.essentialName(call.name())
            + ", which has no meaning on a dead kernel");
  }

  private void functionAddress(Relocation.KfuncAddress function) {
    boolean there = isThere(function.name(), function.type(), function.weak());
    String name = Btf.essentialName(function.name());
    // Programs only ask whether it is there: any other number than 0 says so.
    load(function.slot(), there ? snapshot.symbols().find(name).orElse(1) : 0);
  }

  /** Whether the kernel has a function that can be called as declared; an error unless weak. */
  private boolean isThere(String name, int prototype, boolean weak) {
    Btf btf = snapshot.btf();
    int id = btf.findId(Btf.essentialName(name), BtfType.Func.class);
    String why = "is not in this kernel's BTF";
    if (id != 0 && btf.type(id) instanceof BtfType.Func function) {
      if (types.compatible(prototype, btf, function.type())) {
        return true;
      }
      why = "has another prototype in this kernel";
    }
    if (weak) {
      return false;
    }
    throw missing("kernel function", name, why);
  }

  /** Finds what each call of a helper calls. */
  private void helpers() {
    for (int slot = 0; slot < slots.length; slot++) {
      int opcode = Code.opcode(slots[slot]);
      if (opcode == LOAD_IMM64) {
        slot++;
      } else if (opcode == CALL && Code.src(slots[slot]) == HELPER && !calls.containsKey(slot)) {
        calls.put(
            slot, Helpers.require(Code.immediate(slots[slot]), snapshot.btf(), program.name()));
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
