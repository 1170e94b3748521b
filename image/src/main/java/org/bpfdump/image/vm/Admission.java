// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import java.util.BitSet;
import org.bpfdump.asm.Code;
import org.bpfdump.asm.Instruction;
import org.bpfdump.asm.Operand;
import org.bpfdump.asm.Register;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.UnsupportedException;

/**
 * The gate between objects and engines: lets through only code that can be run, each jump to an
 * instruction of the same function, each function with an end. What a program may access is not
 * decided here: engines check each access.
 */
final class Admission {
  /** Slots that a program has at most, {@code BPF_COMPLEXITY_LIMIT_INSNS} of the kernel. */
  private static final int MOST = 1_000_000;

  /** {@code BPF_MAX_SUBPROGS} of the kernel. */
  private static final int MOST_FUNCTIONS = 256;

  private final Program program;
  private final Instruction[] instructions;
  private final BitSet functions = new BitSet();

  private Admission(Program program) {
    this.program = program;
    this.instructions = new Instruction[program.code().size()];
  }

  /**
   * Checks a program.
   *
   * @throws MalformedException when it is none
   * @throws UnsupportedException when it has instructions that programs for images cannot have
   */
  static Admitted admit(Program program) {
    int size = program.code().size();
    if (size == 0 || size > MOST) {
      throw new MalformedException(
          "program " + program.name() + " has " + size + " slots: 1 to " + MOST + " can be run",
          -1);
    }
    Admission admission = new Admission(program);
    admission.decode();
    int[] functions = admission.functions.stream().toArray();
    if (functions.length > MOST_FUNCTIONS) {
      throw new MalformedException(
          "program "
              + program.name()
              + " has "
              + functions.length
              + " functions: at most "
              + MOST_FUNCTIONS
              + " can be run",
          -1);
    }
    for (int i = 0; i < functions.length; i++) {
      admission.function(functions[i], i + 1 < functions.length ? functions[i + 1] : size);
    }
    return new Admitted(program, admission.instructions, functions);
  }

  /** Finds where instructions and functions begin. */
  private void decode() {
    Code code = program.code();
    functions.set(0);
    if (program.catcher() != Program.NONE) {
      begins(-1, program.catcher());
    }
    for (int slot = 0; slot < code.size(); ) {
      Instruction instruction = Instruction.decode(code, slot);
      instructions[slot] = instruction;
      check(slot, instruction);
      slot += instruction.slots();
    }
    for (int start = functions.nextSetBit(0); start >= 0; start = functions.nextSetBit(start + 1)) {
      if (instructions[start] == null) {
        throw malformed(start, "a function begins in the middle of an instruction");
      }
    }
  }

  /** Checks an instruction by itself, and notes the function that it refers to. */
  private void check(int slot, Instruction instruction) {
    switch (instruction) {
      case Instruction.Alu(_, _, var dst, var src) -> {
        written(slot, dst);
        read(slot, src);
      }
      case Instruction.Negate(_, var dst) -> written(slot, dst);
      case Instruction.SignExtend(_, _, var dst, var src) -> {
        written(slot, dst);
        read(slot, src);
      }
      case Instruction.ByteSwap(_, _, var dst) -> written(slot, dst);
      case Instruction.Load(_, _, var dst, var base, _) -> {
        written(slot, dst);
        read(slot, base);
      }
      case Instruction.Store(_, var base, _, var value) -> {
        read(slot, base);
        read(slot, value);
      }
      case Instruction.Atomic(var operation, _, var dst, _, var src) -> {
        switch (operation) {
          case FETCH_ADD, FETCH_OR, FETCH_AND, FETCH_XOR, XCHG -> {
            read(slot, dst);
            written(slot, src);
          }
          case LOAD_ACQUIRE -> {
            written(slot, dst);
            read(slot, src);
          }
          case ADD, OR, AND, XOR, CMPXCHG, STORE_RELEASE -> {
            read(slot, dst);
            read(slot, src);
          }
        }
      }
      case Instruction.LoadWide load -> {
        written(slot, load.dst());
        switch (load.kind()) {
          case VALUE -> {}
          case FUNC -> begins(slot, load.low());
          case MAP_FD, MAP_VALUE, BTF_ID, MAP_INDEX, MAP_INDEX_VALUE ->
              throw malformed(slot, "an immediate load that was not relocated");
        }
      }
      case Instruction.JumpIf(_, _, var left, var right, _) -> {
        read(slot, left);
        read(slot, right);
      }
      case Instruction.CallFunction(int offset) -> begins(slot, offset);
      case Instruction.Jump _,
          Instruction.MayJump _,
          Instruction.CallHelper _,
          Instruction.CallKernel _,
          Instruction.Exit _ -> {}
      case Instruction.AddressCast _ ->
          throw unsupported(slot, "addresses of arenas, which images do not have");
      case Instruction.LoadPacket _ ->
          throw unsupported(slot, "loads from network packets, which iterators do not have");
      case Instruction.Unknown(long bits) ->
          throw malformed(slot, "no instruction: 0x" + Long.toHexString(bits));
    }
  }

  private void written(int slot, Register register) {
    if (register == Register.R10) {
      throw malformed(slot, "an instruction that changes r10, which is only read");
    }
    read(slot, register);
  }

  private void read(int slot, Operand operand) {
    if (operand == Register.R11) {
      throw malformed(slot, "r11, which programs do not have");
    }
  }

  private void begins(int slot, int offset) {
    long start = slot + 1L + offset;
    if (start < 0 || start >= instructions.length) {
      throw malformed(slot, "a function that is at slot " + start);
    }
    functions.set((int) start);
  }

  /** Checks where a function goes. */
  private void function(int start, int end) {
    Instruction last = null;
    for (int slot = start; slot < end; slot += last.slots()) {
      last = instructions[slot];
      switch (last) {
        case Instruction.Jump(_, int offset) -> jumps(slot, offset, start, end);
        case Instruction.JumpIf jump -> jumps(slot, jump.offset(), start, end);
        case Instruction.MayJump(int offset) -> jumps(slot, offset, start, end);
        default -> {}
      }
    }
    if (!(last instanceof Instruction.Exit || last instanceof Instruction.Jump)) {
      throw malformed(end - 1, "the end of a function that goes on behind it");
    }
  }

  private void jumps(int slot, int offset, int start, int end) {
    long to = slot + 1L + offset;
    if (to < start || to >= end || instructions[(int) to] == null) {
      throw malformed(
          slot,
          "a jump to slot " + to + ", which is not the start of an instruction of this function");
    }
  }

  private MalformedException malformed(int slot, String what) {
    return new MalformedException(
        "program " + program.name() + " has at slot " + slot + " " + what, -1);
  }

  private BpfdumpException unsupported(int slot, String what) {
    return new UnsupportedException(
        "program " + program.name() + " has at slot " + slot + " " + what);
  }
}
