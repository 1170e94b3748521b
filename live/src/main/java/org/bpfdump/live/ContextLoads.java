// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.bpfdump.asm.Arithmetic;
import org.bpfdump.asm.AtomicOperation;
import org.bpfdump.asm.Code;
import org.bpfdump.asm.Instruction;
import org.bpfdump.asm.Operand;
import org.bpfdump.asm.Register;
import org.bpfdump.asm.Size;
import org.bpfdump.asm.Wide;
import org.bpfdump.spec.ProgramSpec;

/**
 * Finds the instructions that read pointers from a program's context, by following the context
 * through registers, stack and calls. It only has to be right for programs that the verifier takes:
 * those keep pointers in registers and on the stack, and whole.
 */
final class ContextLoads {
  /** More would take much memory, and no such program was ever seen. */
  private static final int MOST_SLOTS = 1 << 16;

  private final Code code;
  private final ContextState[] before;
  private final BitSet functions = new BitSet();
  private final int[] returned;

  /** What was ever stored on the stack, and what through a pointer to an unknown part of it. */
  private int anywhere;

  private int wild;
  private boolean changed;
  private boolean lost;

  private ContextLoads(Code code) {
    this.code = code;
    this.before = new ContextState[code.size()];
    this.returned = new int[code.size()];
  }

  /**
   * The slots of all loads of 8 bytes at this offset of the context or beyond; empty when that
   * cannot be told.
   *
   * @param functions where those begin that are not only called
   */
  static Optional<List<Integer>> find(
      Code code, List<ProgramSpec.FunctionInfo> functions, int offset) {
    if (code.size() > MOST_SLOTS) {
      return Optional.empty();
    }
    ContextLoads loads = new ContextLoads(code);
    loads.enter(functions);
    do {
      loads.changed = false;
      for (int slot = 0; slot < code.size() && !loads.lost; slot++) {
        if (loads.before[slot] != null) {
          loads.step(slot);
        }
      }
    } while (loads.changed && !loads.lost);
    return loads.lost ? Optional.empty() : loads.found(offset);
  }

  private void enter(List<ProgramSpec.FunctionInfo> known) {
    join(0, ContextState.atEntry(ContextState.CONTEXT, 0));
    functions.set(0);
    for (int slot = 0; slot < code.size(); slot++) {
      switch (Instruction.decode(code, slot)) {
        case Instruction.CallFunction(int offset) -> function(slot + 1 + offset);
        case Instruction.LoadWide(_, Wide kind, int low, _) when kind == Wide.FUNC -> {
          // The kernel gives callbacks the stack that they were given to share, never the context.
          int rest = ContextState.STACK | ContextState.OTHER;
          function(slot + 1 + low);
          join(slot + 1 + low, ContextState.atEntry(rest, rest));
        }
        default -> {}
      }
    }
    for (ProgramSpec.FunctionInfo function : known) {
      if (!functions.get(function.slot())) {
        function(function.slot());
        join(function.slot(), ContextState.atEntry(ContextState.ANY, ContextState.ANY));
      }
    }
  }

  private void function(int slot) {
    if (slot >= 0 && slot < code.size()) {
      functions.set(slot);
    } else {
      lost = true;
    }
  }

  private Optional<List<Integer>> found(int from) {
    List<Integer> found = new ArrayList<>();
    for (int slot = 0; slot < code.size(); slot++) {
      if (before[slot] != null
          && Instruction.decode(code, slot)
              instanceof Instruction.Load(Size size, _, _, Register base, int offset)
          && size == Size.DOUBLE) {
        int kinds = before[slot].get(base);
        boolean context = (kinds & ContextState.CONTEXT) != 0 && offset >= from;
        if ((kinds & ContextState.MOVED) != 0 || (context && kinds != ContextState.CONTEXT)) {
          return Optional.empty();
        }
        if (context) {
          found.add(slot);
        }
      }
    }
    return Optional.of(found);
  }

  private void join(int slot, ContextState state) {
    if (slot < 0 || slot >= code.size()) {
      lost = true;
    } else if (before[slot] == null) {
      before[slot] = new ContextState(state);
      changed = true;
    } else {
      changed |= before[slot].join(state);
    }
  }

  private void step(int slot) {
    ContextState state = new ContextState(before[slot]);
    Instruction instruction = Instruction.decode(code, slot);
    int next = slot + instruction.slots();
    switch (instruction) {
      case Instruction.Alu(Arithmetic operator, boolean wide, Register dst, Operand src) -> {
        int kinds = src instanceof Register register ? state.get(register) : ContextState.OTHER;
        state.set(
            dst,
            !wide
                ? ContextState.OTHER
                : operator == Arithmetic.MOV
                    ? kinds
                    : ContextState.computed(state.get(dst) | kinds));
      }
      case Instruction.Negate(_, Register dst) -> state.set(dst, ContextState.OTHER);
      case Instruction.SignExtend(_, _, Register dst, _) -> state.set(dst, ContextState.OTHER);
      case Instruction.ByteSwap(_, _, Register dst) -> state.set(dst, ContextState.OTHER);
      case Instruction.AddressCast(Register dst, _, _) -> state.set(dst, ContextState.OTHER);
      case Instruction.LoadWide(Register dst, _, _, _) -> state.set(dst, ContextState.OTHER);
      case Instruction.Load(Size size, _, Register dst, Register base, int offset) ->
          state.set(dst, size == Size.DOUBLE ? loaded(state, base, offset) : ContextState.OTHER);
      case Instruction.Store(Size size, Register base, int offset, Operand value) ->
          store(state, size, base, offset, value);
      case Instruction.Atomic atomic -> {
        // Of pointers the verifier lets the ordered load and store through, if any.
        state.set(atomic.src(), state.get(atomic.src()) | ContextState.OTHER);
        state.set(Register.R0, state.get(Register.R0) | ContextState.OTHER);
        if (atomic.operation() == AtomicOperation.LOAD_ACQUIRE) {
          state.set(atomic.dst(), loaded(state, atomic.src(), atomic.offset()));
          lost |= (state.get(atomic.src()) & ContextState.CONTEXT) != 0;
        } else if (atomic.operation() == AtomicOperation.STORE_RELEASE) {
          store(state, atomic.size(), atomic.dst(), atomic.offset(), atomic.src());
        }
      }
      case Instruction.CallFunction(int offset) -> {
        join(next + offset, state.called());
        state.afterCall(next + offset < returned.length ? returned[next + offset] : 0);
      }
      case Instruction.CallHelper _, Instruction.CallKernel _ ->
          state.afterCall(ContextState.OTHER);
      case Instruction.JumpIf jump -> join(next + jump.offset(), state);
      case Instruction.MayJump(int offset) -> join(next + offset, state);
      case Instruction.Jump(_, int offset) -> {
        join(next + offset, state);
        return;
      }
      case Instruction.Exit _ -> {
        int function = functions.previousSetBit(slot);
        int kinds = returned[function] | state.get(Register.R0);
        changed |= kinds != returned[function];
        returned[function] = kinds;
        return;
      }
      case Instruction.LoadPacket _, Instruction.Unknown _ -> {
        lost = true;
        return;
      }
    }
    join(next, state);
  }

  private int loaded(ContextState state, Register base, int offset) {
    if (base == Register.R10) {
      return state.spilled(offset) < 0
          ? anywhere | ContextState.OTHER
          : state.spilled(offset) | wild;
    }
    boolean stack = (state.get(base) & ContextState.STACK) != 0;
    return stack ? anywhere | ContextState.OTHER : ContextState.OTHER;
  }

  private void store(ContextState state, Size size, Register base, int offset, Operand value) {
    int kinds =
        value instanceof Register register && size == Size.DOUBLE
            ? state.get(register)
            : ContextState.OTHER;
    if (base == Register.R10) {
      state.spill(offset, size.bytes(), kinds);
    } else if ((state.get(base) & ContextState.STACK) == 0) {
      return; // what is no stack gives pointers back as numbers
    } else if (value instanceof Register && size == Size.DOUBLE) {
      changed |= (wild | kinds) != wild;
      wild |= kinds;
    }
    changed |= (anywhere | kinds) != anywhere;
    anywhere |= kinds;
  }
}
