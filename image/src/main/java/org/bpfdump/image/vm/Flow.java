// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import java.util.Arrays;
import java.util.BitSet;
import org.bpfdump.asm.Arithmetic;
import org.bpfdump.asm.Instruction;
import org.bpfdump.asm.Operand;
import org.bpfdump.asm.Register;
import org.bpfdump.asm.Size;

/**
 * What registers hold in a part of a function, as far as its code tells: which instructions can be
 * reached, and where the addresses come from that memory is accessed by.
 *
 * <p>An <em>origin</em> is where an address came into being: a parameter, the result of a call, a
 * constant. Only {@link #isStack} is certain; the others are guesses, which the code that is made
 * of them checks. But wherever a register is said to have an origin, that instruction was executed
 * before.
 */
final class Flow {
  /** Nothing is known. */
  static final int MIXED = 0;

  /** A number. */
  private static final int SCALAR = 1;

  /** Memory of the image, probably: was loaded from memory. */
  private static final int IMAGE = 2;

  /** Somewhere in the stack of this function. */
  static final int FRAME = 3;

  /** The value that a register had at the start: plus its number. */
  private static final int START = 16;

  /** What a call or constant at a slot gave: plus the slot. */
  private static final int MADE = 64;

  /** An address in the stack: plus its distance from the frame pointer. */
  private static final int STACK = 1 << 29;

  private static final int FARTHEST = 1 << 16;

  private static final int REGISTERS = 11;
  private static final int SPILLS = Frame.STACK / 8;

  private final Admitted program;
  private final int from;
  private final int to;
  private final BitSet leaders = new BitSet();
  private final BitSet reached = new BitSet();

  /** What registers, then stack slots hold where a block begins; by slot, null for unknown yet. */
  private final int[][] states;

  private final BitSet work = new BitSet();

  /** By slot, of an instruction that accesses memory: what its address is made of. */
  private final int[] bases;

  private Flow(Admitted program, int from, int to) {
    this.program = program;
    this.from = from;
    this.to = to;
    this.states = new int[to - from][];
    this.bases = new int[to - from];
  }

  /**
   * Follows a part of a function.
   *
   * @param entries where it is entered
   */
  static Flow of(Admitted program, int from, int to, BitSet entries) {
    Flow flow = new Flow(program, from, to);
    flow.findLeaders();
    int[] start = new int[REGISTERS + SPILLS];
    for (int register = 0; register < REGISTERS; register++) {
      start[register] = START + register;
    }
    start[10] = STACK;
    for (int entry = entries.nextSetBit(0); entry >= 0; entry = entries.nextSetBit(entry + 1)) {
      flow.leaders.set(entry);
      flow.arrive(entry, start);
    }
    int[] state = new int[REGISTERS + SPILLS];
    for (int block = flow.work.nextSetBit(0); block >= 0; block = flow.work.nextSetBit(0)) {
      flow.work.clear(block);
      System.arraycopy(flow.states[block - from], 0, state, 0, state.length);
      flow.run(block, state);
    }
    return flow;
  }

  /** Whether an instruction can be reached. */
  boolean reached(int slot) {
    return reached.get(slot);
  }

  /** Whether jumps go to a slot, or the part is entered there. */
  boolean isLeader(int slot) {
    return leaders.get(slot);
  }

  /** What the address of a memory access is made of. */
  int base(int slot) {
    return bases[slot - from];
  }

  /** Whether it is an address in the stack, and {@link #distance} says where. */
  static boolean isStack(int base) {
    return base >= STACK - FARTHEST;
  }

  /** How far an address in the stack is from the frame pointer. */
  static int distance(int base) {
    return base - STACK;
  }

  /** Whether it has an origin. */
  static boolean hasOrigin(int base) {
    return base >= START && !isStack(base);
  }

  /** The origin that the parameter in a register has. */
  static int originOfStart(int register) {
    return START + register;
  }

  /** The origin that what an instruction made has. */
  static int originOf(int slot) {
    return MADE + slot;
  }

  private void findLeaders() {
    for (int slot = from; slot < to; slot++) {
      Instruction instruction = program.instruction(slot);
      int target =
          switch (instruction) {
            case null -> -1;
            case Instruction.Jump jump -> slot + 1 + jump.offset();
            case Instruction.JumpIf jump -> slot + 1 + jump.offset();
            case Instruction.MayJump jump -> slot + 1 + jump.offset();
            default -> -1;
          };
      if (target >= from && target < to) {
        leaders.set(target);
      }
    }
  }

  private void arrive(int slot, int[] state) {
    if (slot < from || slot >= to) {
      return;
    }
    int[] there = states[slot - from];
    if (there == null) {
      states[slot - from] = state.clone();
      work.set(slot);
      return;
    }
    boolean changed = false;
    for (int i = 0; i < there.length; i++) {
      int merged = merge(there[i], state[i]);
      changed |= merged != there[i];
      there[i] = merged;
    }
    if (changed) {
      work.set(slot);
    }
  }

  private static int merge(int a, int b) {
    if (a == b) {
      return a;
    }
    if ((isStack(a) || a == FRAME) && (isStack(b) || b == FRAME)) {
      return FRAME;
    }
    return (a == SCALAR && b == IMAGE) || (a == IMAGE && b == SCALAR) ? IMAGE : MIXED;
  }

  /** Follows a block to its end, with the state at its start, which changes. */
  private void run(int block, int[] state) {
    int slot = block;
    while (slot < to) {
      reached.set(slot);
      Instruction instruction = program.instruction(slot);
      int next = slot + instruction.slots();
      switch (instruction) {
        case Instruction.Jump jump -> {
          arrive(slot + 1 + jump.offset(), state);
          return;
        }
        case Instruction.JumpIf jump -> arrive(slot + 1 + jump.offset(), state);
        case Instruction.MayJump jump -> arrive(slot + 1 + jump.offset(), state);
        case Instruction.Exit _ -> {
          return;
        }
        default -> step(slot, instruction, state);
      }
      if (next < to && leaders.get(next)) {
        arrive(next, state);
        return;
      }
      slot = next;
    }
  }

  private void step(int slot, Instruction instruction, int[] state) {
    switch (instruction) {
      case Instruction.Alu alu -> state[alu.dst().number()] = value(alu, state);
      case Instruction.Negate negate -> state[negate.dst().number()] = SCALAR;
      case Instruction.SignExtend extend -> state[extend.dst().number()] = SCALAR;
      case Instruction.ByteSwap swap -> state[swap.dst().number()] = SCALAR;
      case Instruction.Load load -> {
        int base = state[load.base().number()];
        bases[slot - from] = base;
        state[load.dst().number()] =
            load.size() != Size.DOUBLE ? SCALAR : loaded(base, load.offset(), state);
      }
      case Instruction.Store store -> {
        int base = state[store.base().number()];
        bases[slot - from] = base;
        int spill = spill(base, store.offset());
        if (spill >= 0) {
          state[spill] =
              store.size() == Size.DOUBLE && store.value() instanceof Register register
                  ? uncertain(state[register.number()])
                  : SCALAR;
        }
      }
      case Instruction.Atomic atomic -> {
        Register changed = Changes.of(atomic);
        if (changed != null) {
          state[changed.number()] = atomic.size() == Size.DOUBLE ? IMAGE : SCALAR;
        }
      }
      case Instruction.LoadWide load ->
          state[load.dst().number()] = ProgramMemory.isOwn(load.value()) ? MADE + slot : MIXED;
      case Instruction.CallHelper _, Instruction.CallFunction _, Instruction.CallKernel _ ->
          state[0] = MADE + slot;
      case Instruction.AddressCast _,
          Instruction.LoadPacket _,
          Instruction.Jump _,
          Instruction.JumpIf _,
          Instruction.MayJump _,
          Instruction.Exit _,
          Instruction.Unknown _ -> {}
    }
  }

  /** What a spilled register is read back as: somebody else may have written there. */
  private static int uncertain(int value) {
    return isStack(value) ? FRAME : value;
  }

  private static int loaded(int base, int offset, int[] state) {
    int spill = spill(base, offset);
    return spill >= 0 ? state[spill] : IMAGE;
  }

  /** Index in the state of the stack slot at an address; negative for none. */
  private static int spill(int base, int offset) {
    if (!isStack(base)) {
      return -1;
    }
    int at = Frame.STACK + distance(base) + offset;
    return at >= 0 && at < Frame.STACK ? REGISTERS + at / 8 : -1;
  }

  private static int value(Instruction.Alu alu, int[] state) {
    int dst = state[alu.dst().number()];
    if (!alu.wide()) {
      return SCALAR;
    }
    if (alu.operator() == Arithmetic.MOV) {
      return alu.src() instanceof Register source ? state[source.number()] : SCALAR;
    }
    boolean adds = alu.operator() == Arithmetic.ADD;
    if (!adds && alu.operator() != Arithmetic.SUB) {
      return SCALAR;
    }
    return switch (alu.src()) {
      case Operand.Immediate(int value) -> {
        if (!isStack(dst)) {
          yield dst;
        }
        long moved = distance(dst) + (adds ? (long) value : -(long) value);
        yield Math.abs(moved) < FARTHEST ? STACK + (int) moved : FRAME;
      }
      case Register register -> {
        int src = uncertain(state[register.number()]);
        yield adds && dst == SCALAR ? src : uncertain(dst);
      }
    };
  }

  @Override
  public String toString() {
    return from + " to " + to + ": " + Arrays.toString(bases);
  }
}
