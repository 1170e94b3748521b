// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bpfdump.asm.Arithmetic;
import org.bpfdump.asm.Assembler;
import org.bpfdump.asm.AtomicOperation;
import org.bpfdump.asm.Condition;
import org.bpfdump.asm.Instruction;
import org.bpfdump.asm.Register;
import org.bpfdump.asm.Size;
import org.bpfdump.asm.Wide;
import org.bpfdump.btf.Btf;
import org.bpfdump.query.plan.Place;
import org.bpfdump.query.plan.Type;
import org.bpfdump.spec.Relocation;

/** The code as it grows, and what all who add to it share. */
final class Emission {
  /** What is lost by a call, as a set of bits. */
  static final int SCRATCH = 0b111111;

  /** Reading any memory: {@code bpf_probe_read_kernel}, and up to a NUL. */
  static final int PROBE_READ = 113;

  static final int PROBE_READ_STRING = 115;

  /** The program's argument. */
  static final Register CONTEXT = Register.R6;

  /** Bits for the cells of a chunk that are NULL. */
  static final Register NULLS = Register.R9;

  private static final Register[] REGISTERS = Register.values();

  final Assembler asm = new Assembler();
  final Btf kernel;
  final Facts facts;
  final Frame frame;
  final List<Relocation> relocations = new ArrayList<>();

  /** The context's pointers that are in registers, by their offset in it. */
  final Map<Integer, Register> held = new HashMap<>();

  /** Pointers that are loaded once for several parts. */
  final Shared shared = new Shared(this);

  /** Direct accesses by the slot of the load. */
  final Map<Integer, Place> accesses = new HashMap<>();

  private final List<Runnable> later = new ArrayList<>();

  Emission(Btf kernel, Facts facts, Frame frame) {
    this.kernel = kernel;
    this.facts = facts;
    this.frame = frame;
  }

  /** A label that means the next instruction. */
  Assembler.Label here() {
    Assembler.Label label = asm.label();
    asm.place(label);
    return label;
  }

  /** Code that is seldom reached and stands apart; it must end in a jump. */
  void later(Runnable code) {
    later.add(code);
  }

  /** Adds what stands apart, around which there must be no way in from above. */
  void flush() {
    while (!later.isEmpty()) {
      List<Runnable> now = List.copyOf(later);
      later.clear();
      now.forEach(Runnable::run);
    }
  }

  static int bit(Register register) {
    return 1 << register.number();
  }

  /** A register out of a set of free ones. */
  static Register pick(int free) {
    if ((free & SCRATCH) == 0) {
      throw new IllegalStateException("no register is free");
    }
    return REGISTERS[Integer.numberOfTrailingZeros(free & SCRATCH)];
  }

  void move(Register dst, Register src) {
    if (dst != src) {
      asm.move(dst, src);
    }
  }

  /** {@code dst = R10 + offset}. */
  void stackAddress(Register dst, int offset) {
    asm.move(dst, Register.R10).alu(Arithmetic.ADD, dst, offset);
  }

  int spill(Register register) {
    int slot = frame.take();
    asm.store(Size.DOUBLE, Register.R10, slot, register);
    return slot;
  }

  void fill(Register register, int slot) {
    asm.load(Size.DOUBLE, register, Register.R10, slot);
    frame.release(slot);
  }

  /**
   * Makes a plain number of an address: the verifier knows nothing any more of what an atomic
   * operation has been at.
   */
  void launder(Register register, int free) {
    int slot = frame.take();
    asm.store(Size.DOUBLE, Register.R10, slot, register);
    launder(slot, pick(free & ~bit(register)));
    fill(register, slot);
  }

  /** The same for what is in a slot. */
  void launder(int slot, Register zero) {
    asm.move(zero, 0)
        .add(new Instruction.Atomic(AtomicOperation.ADD, Size.DOUBLE, Register.R10, slot, zero));
  }

  /** Cuts a register to a type and extends it again. */
  void normalise(Register register, Type.Int type) {
    int unused = 64 - 8 * type.bytes();
    if (unused == 0) {
      return;
    }
    if (type.signed()) {
      asm.alu(Arithmetic.LSH, register, unused).alu(Arithmetic.ARSH, register, unused);
    } else if (type.bytes() == 4) {
      asm.alu32(Arithmetic.MOV, register, register);
    } else {
      asm.alu(Arithmetic.AND, register, (1 << (8 * type.bytes())) - 1);
    }
  }

  /** Extends what a load of the type's size has left in a register. */
  void extend(Register register, Type.Int type) {
    if (type.signed()) {
      normalise(register, type);
    }
  }

  /** {@code r0 = helper(...)}, which must find all registers that a call loses in no use. */
  void call(int helper) {
    asm.call(helper);
  }

  /** Loads the address of a map of the program. */
  void map(Register dst, int map) {
    relocations.add(new Relocation.MapReference(asm.slot(), map));
    asm.load(dst, Wide.VALUE, 0, 0);
  }

  /** Loads the address of the only value of a map. */
  void mapValue(Register dst, int map) {
    mapValue(dst, map, 0);
  }

  /** Loads an address in the only value of a map. */
  void mapValue(Register dst, int map, int offset) {
    relocations.add(new Relocation.MapValue(asm.slot(), map, offset));
    asm.load(dst, Wide.VALUE, 0, 0);
  }

  /** Compares with a constant of any size; {@code free} has a register for one of 64 bits. */
  void jumpIf(Condition condition, Register left, long right, int free, Assembler.Label to) {
    if ((int) right == right) {
      asm.jumpIf(condition, left, (int) right, to);
    } else {
      Register constant = pick(free & ~bit(left));
      asm.move(constant, right).jumpIf(condition, left, constant, to);
    }
  }
}
