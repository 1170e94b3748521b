// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.bpfdump.asm.Code;
import org.bpfdump.asm.Condition;
import org.bpfdump.asm.Instruction;
import org.bpfdump.asm.Wide;

/**
 * What of a program can be reached, where a kernel's verifier takes constants for known:
 * immediates, what of the kernel is there, and memory that nobody changes. The numbers that
 * registers may hold are followed through arithmetic, branches and calls, until nothing new is
 * found; where ways meet, a register may hold the numbers of either, and more than a few are not
 * known any more. So whatever is left out is never run, while more may be kept than the verifier
 * keeps, which goes along each way by itself and knows stacks, too.
 *
 * <p>Code need not be admitted yet: what is no code is not gone into.
 */
public final class Reach {
  private static final int BY_REGISTER = 0x08;

  private final Code code;
  private final Constants constants;
  private final BitSet reached = new BitSet();
  private final BitSet functions = new BitSet();

  /** Slots that have a state of their own: others are only gone through from these. */
  private final BitSet leaders = new BitSet();

  /** What is known where a leader begins; by slot, null where nothing has come yet. */
  private final Known[] states;

  private final BitSet work = new BitSet();

  /** What is known where functions end, by their first slots: of r0 only. */
  private final Map<Integer, Known> results = new HashMap<>();

  /** Slots of calls of functions, by the functions' first slots. */
  private final Map<Integer, BitSet> callers = new HashMap<>();

  private final Known now = new Known();

  /** Memory that does not change. */
  @FunctionalInterface
  public interface Constants {
    /** What 1, 2, 4 or 8 bytes at an address hold, unsigned; nothing when that may change. */
    OptionalLong load(long address, int size);
  }

  private Reach(Code code, Constants constants) {
    this.code = code;
    this.constants = constants;
    this.states = new Known[code.size()];
  }

  /**
   * Finds out about a program.
   *
   * @param code relocated
   * @param catcher see {@link Program#catcher}
   * @return the first slots of instructions that can be reached
   */
  public static BitSet of(Code code, int catcher, Constants constants) {
    Reach reach = new Reach(code, constants);
    reach.findLeaders();
    reach.begin(0);
    if (catcher != Program.NONE) {
      reach.begin(catcher);
    }
    for (int slot = reach.work.nextSetBit(0); slot >= 0; slot = reach.work.nextSetBit(0)) {
      reach.work.clear(slot);
      reach.now.set(reach.states[slot]);
      reach.run(slot);
    }
    return reach.reached;
  }

  private void findLeaders() {
    for (int slot = 0; slot < code.size(); ) {
      Instruction instruction = Instruction.decode(code, slot);
      switch (instruction) {
        case Instruction.Jump jump -> leader(slot + 1L + jump.offset());
        case Instruction.JumpIf jump -> leader(slot + 1L + jump.offset());
        case Instruction.MayJump jump -> leader(slot + 1L + jump.offset());
        case Instruction.CallFunction call -> {
          leader(slot);
          function(slot + 1L + call.offset());
        }
        case Instruction.LoadWide load -> {
          if (load.kind() == Wide.FUNC) {
            function(slot + 1L + load.low());
          }
        }
        default -> {}
      }
      slot += instruction.slots();
    }
  }

  private void leader(long slot) {
    if (slot >= 0 && slot < states.length) {
      leaders.set((int) slot);
    }
  }

  private void function(long slot) {
    leader(slot);
    if (slot >= 0 && slot < states.length) {
      functions.set((int) slot);
    }
  }

  /** A function begins that anything may be given to. */
  private void begin(int slot) {
    function(slot);
    arrive(slot, new Known());
  }

  private void arrive(long to, Known known) {
    if (to < 0 || to >= states.length) {
      return;
    }
    int slot = (int) to;
    if (states[slot] == null) {
      states[slot] = known.copy();
      work.set(slot);
    } else if (states[slot].meet(known)) {
      work.set(slot);
    }
  }

  /** Goes from a leader to the next. */
  private void run(int leader) {
    int slot = leader;
    do {
      reached.set(slot);
      Instruction instruction = Instruction.decode(code, slot);
      if (!step(slot, instruction)) {
        return;
      }
      slot += instruction.slots();
    } while (slot < states.length && !leaders.get(slot));
    arrive(slot, now);
  }

  /** One instruction; false where the next is not gone on with. */
  private boolean step(int slot, Instruction instruction) {
    switch (instruction) {
      case Instruction.Alu _,
          Instruction.Negate _,
          Instruction.ByteSwap _,
          Instruction.SignExtend _ ->
          compute(slot, instruction);
      case Instruction.Load load -> load(load);
      case Instruction.Store _ -> {}
      case Instruction.Atomic atomic -> {
        if (Changes.of(atomic) != null) {
          now.forget(Changes.of(atomic).number());
        }
      }
      case Instruction.LoadWide load -> loadWide(slot, load);
      case Instruction.AddressCast cast -> now.forget(cast.dst().number());
      case Instruction.LoadPacket _, Instruction.CallHelper _, Instruction.CallKernel _ -> {
        now.forget(0);
        now.forgetArguments();
      }
      case Instruction.CallFunction call -> {
        return call(slot, slot + 1L + call.offset());
      }
      case Instruction.Jump jump -> {
        arrive(slot + 1L + jump.offset(), now);
        return false;
      }
      case Instruction.MayJump jump -> arrive(slot + 1L + jump.offset(), now);
      case Instruction.JumpIf jump -> {
        return branch(slot, jump);
      }
      case Instruction.Exit _ -> {
        exit(slot);
        return false;
      }
      case Instruction.Unknown _ -> {
        return false;
      }
    }
    return true;
  }

  /** The second operand of an instruction; null when it is not known. */
  private Numbers operand(long bits) {
    return (Code.opcode(bits) & BY_REGISTER) == 0
        ? Numbers.of(Code.immediate(bits))
        : now.get(Code.src(bits));
  }

  private void compute(int slot, Instruction instruction) {
    long bits = code.get(slot);
    int dst = Code.dst(bits);
    now.put(dst, Outcomes.of(instruction, bits, now.get(dst), operand(bits)));
  }

  private void load(Instruction.Load load) {
    Numbers base = now.get(load.base().number());
    now.put(load.dst().number(), base == null ? null : loaded(load, base));
  }

  /** What a load gives from any of these; null when one of them may change. */
  private Numbers loaded(Instruction.Load load, Numbers bases) {
    int size = load.size().bytes();
    int unused = load.signed() ? Long.SIZE - Byte.SIZE * size : 0;
    Numbers all = null;
    for (long base : bases.values()) {
      OptionalLong value = constants.load(base + load.offset(), size);
      if (value.isEmpty()) {
        return null;
      }
      Numbers one = Numbers.of(value.getAsLong() << unused >> unused);
      all = all == null ? one : all.or(one);
    }
    return all;
  }

  private void loadWide(int slot, Instruction.LoadWide load) {
    int dst = load.dst().number();
    switch (load.kind()) {
      case VALUE -> now.put(dst, Numbers.of(load.value()));
      case FUNC -> {
        int function = slot + 1 + load.low();
        now.put(dst, Numbers.of(ProgramMemory.function(function)));
        arrive(function, new Known());
      }
      case MAP_FD, MAP_VALUE, BTF_ID, MAP_INDEX, MAP_INDEX_VALUE -> now.forget(dst);
    }
  }

  /** Goes where a branch may go; true when it may go on. */
  private boolean branch(int slot, Instruction.JumpIf jump) {
    int opcode = Code.opcode(code.get(slot));
    int left = jump.left().number();
    long to = slot + 1L + jump.offset();
    Numbers a = now.get(left);
    Numbers b = operand(code.get(slot));
    if (a == null || b == null) {
      now.put(left, a == null && isExact(jump, Condition.EQ) ? b : a);
      arrive(to, now);
      now.put(left, a == null && isExact(jump, Condition.NE) ? b : a);
      return true;
    }
    Numbers taken = a.only(x -> b.any(y -> Evaluation.holds(opcode, x, y)));
    Numbers passed = a.only(x -> b.any(y -> !Evaluation.holds(opcode, x, y)));
    if (taken != null) {
      now.put(left, taken);
      arrive(to, now);
    }
    now.put(left, passed);
    return passed != null;
  }

  /** Whether a register that passes such a comparison holds just what it was compared with. */
  private static boolean isExact(Instruction.JumpIf jump, Condition condition) {
    return jump.wide() && jump.condition() == condition;
  }

  /** Goes into a function; true when it has come back already. */
  private boolean call(int slot, long function) {
    if (function < 0 || function >= states.length) {
      return false;
    }
    Known given = now.copy();
    given.keepArguments();
    arrive(function, given);
    callers.computeIfAbsent((int) function, _ -> new BitSet()).set(slot);
    Known result = results.get((int) function);
    if (result == null) {
      return false;
    }
    now.forgetArguments();
    now.put(0, result.get(0));
    return true;
  }

  private void exit(int slot) {
    int function = functions.previousSetBit(slot);
    Known result = new Known();
    result.put(0, now.get(0));
    Known before = results.putIfAbsent(function, result);
    if (before == null || before.meet(result)) {
      work.or(callers.getOrDefault(function, new BitSet()));
    }
  }
}
