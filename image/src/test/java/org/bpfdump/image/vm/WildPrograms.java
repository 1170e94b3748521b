// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bpfdump.asm.Arithmetic;
import org.bpfdump.asm.AtomicOperation;
import org.bpfdump.asm.Code;
import org.bpfdump.asm.Condition;
import org.bpfdump.asm.Instruction;
import org.bpfdump.asm.Operand;
import org.bpfdump.asm.Register;
import org.bpfdump.asm.Size;
import org.bpfdump.asm.Wide;

/**
 * Makes programs that are sound and make no sense: jumps to anywhere in a function, addresses near
 * and far. They begin with r1 the address of a few bytes of the program's own memory.
 */
final class WildPrograms {
  private static final Register[] WRITTEN = {
    Register.R0, Register.R1, Register.R2, Register.R3, Register.R4,
    Register.R5, Register.R6, Register.R7, Register.R8, Register.R9
  };
  private static final long[] EDGES = {
    0,
    1,
    -1,
    2,
    7,
    31,
    32,
    63,
    64,
    0x80,
    0xFFFF,
    0x7FFFFFFFL,
    0x80000000L,
    0xFFFFFFFFL,
    0x100000000L,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Integer.MIN_VALUE
  };

  private final RandomGenerator random;
  private final Map<Integer, Helper> calls = new TreeMap<>();

  WildPrograms(long seed) {
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  /** The next program, of a few functions of about this many instructions. */
  Program next(int length) {
    calls.clear();
    int functions = 1 + random.nextInt(3);
    // Instructions first: how many slots each takes decides where jumps can go.
    List<List<Instruction>> bodies = new ArrayList<>();
    for (int f = 0; f < functions; f++) {
      bodies.add(body(1 + random.nextInt(length)));
    }
    int[] starts = new int[functions];
    int size = 0;
    for (int f = 0; f < functions; f++) {
      starts[f] = size;
      size += bodies.get(f).stream().mapToInt(Instruction::slots).sum();
    }
    List<Long> slots = new ArrayList<>();
    for (List<Instruction> body : bodies) {
      int start = slots.size();
      List<Integer> places = new ArrayList<>();
      int at = start;
      for (Instruction instruction : body) {
        places.add(at);
        at += instruction.slots();
      }
      for (Instruction instruction : body) {
        int slot = slots.size();
        int to = places.get(random.nextInt(places.size())) - slot - 1;
        int callee = starts[random.nextInt(functions)] - slot - 1;
        for (long one : aimed(instruction, slot, to, callee).encode()) {
          slots.add(one);
        }
      }
    }
    long[] array = slots.stream().mapToLong(Long::longValue).toArray();
    return Machines.program(Code.of(array), calls);
  }

  private Instruction aimed(Instruction instruction, int slot, int to, int callee) {
    return switch (instruction) {
      case Instruction.Jump jump -> new Instruction.Jump(jump.far(), to);
      case Instruction.MayJump _ -> new Instruction.MayJump(to);
      case Instruction.JumpIf jump ->
          new Instruction.JumpIf(jump.condition(), jump.wide(), jump.left(), jump.right(), to);
      case Instruction.CallFunction _ -> new Instruction.CallFunction(callee);
      case Instruction.LoadWide load when load.kind() == Wide.FUNC ->
          new Instruction.LoadWide(load.dst(), Wide.FUNC, callee, 0);
      case Instruction.CallHelper call -> {
        helper(call.helper(), slot);
        yield call;
      }
      default -> instruction;
    };
  }

  private void helper(int number, int slot) {
    switch (number) {
      case 1 -> calls.put(slot, (_, a, b, c, d, e) -> a ^ b * 3 + c ^ d - e);
      case 2 -> calls.put(slot, (m, f, a, _, _, _) -> m.callback(f, a, a + 1, 0, 0, 0));
      case 3 ->
          calls.put(
              slot,
              (m, _, _, _, _, _) -> {
                m.charge(5);
                return m.own().allocate(16, true).address();
              });
      case 4 -> calls.put(slot, (m, _, _, _, _, _) -> m.own().allocate(8, false).address());
      case 5 ->
          calls.put(
              slot,
              (m, a, _, _, _, _) -> {
                throw m.end(a);
              });
      default -> {}
    }
  }

  private List<Instruction> body(int length) {
    List<Instruction> body = new ArrayList<>();
    boolean memory = random.nextInt(4) != 0;
    for (int i = 0; i < length; i++) {
      body.add(instruction(memory));
    }
    if (random.nextInt(8) == 0) {
      body.add(new Instruction.Jump(false, 0));
    } else {
      body.add(new Instruction.Exit());
    }
    return body;
  }

  private Instruction instruction(boolean memory) {
    int kind = random.nextInt(100);
    if (kind < 40) {
      return arithmetic();
    }
    if (kind < 50) {
      return new Instruction.JumpIf(
          pick(Condition.values()), random.nextBoolean(), read(), operand(), 0);
    }
    if (kind < 52) {
      return random.nextInt(8) == 0
          ? new Instruction.MayJump(0)
          : new Instruction.Jump(random.nextBoolean(), 0);
    }
    if (kind < 56) {
      return switch (random.nextInt(12)) {
        case 0, 1 -> new Instruction.CallFunction(0);
        case 2 -> new Instruction.LoadWide(written(), Wide.FUNC, 0, 0);
        case 3 -> new Instruction.LoadWide(Register.R1, Wide.FUNC, 0, 0);
        case 4, 5 -> new Instruction.CallHelper(1);
        case 6 -> new Instruction.CallHelper(2);
        case 7, 8 -> new Instruction.CallHelper(3);
        case 9 -> new Instruction.CallHelper(4);
        case 10 -> random.nextInt(6) == 0 ? new Instruction.CallHelper(5) : arithmetic();
        default -> random.nextInt(6) == 0 ? new Instruction.CallHelper(99) : arithmetic();
      };
    }
    if (kind < 57) {
      return random.nextInt(8) == 0 ? new Instruction.Exit() : arithmetic();
    }
    if (kind < 62) {
      long value =
          switch (random.nextInt(3)) {
            case 0 -> Machines.KERNEL + random.nextInt(3 * 4096) - 2048;
            case 1 -> 1L << 62 | random.nextLong(6) << 32 | random.nextInt(64);
            default -> random.nextLong();
          };
      return new Instruction.LoadWide(written(), Wide.VALUE, (int) value, (int) (value >>> 32));
    }
    if (kind < 70) {
      // Pointers, or memory accesses would all be far off.
      Register to = written();
      return random.nextInt(3) != 0
          ? new Instruction.Alu(
              Arithmetic.MOV, true, to, random.nextBoolean() ? Register.R10 : Register.R1)
          : new Instruction.Alu(
              Arithmetic.ADD, true, to, new Operand.Immediate(-random.nextInt(64)));
    }
    return memory ? memory() : arithmetic();
  }

  private Instruction arithmetic() {
    return switch (random.nextInt(12)) {
      case 0 -> new Instruction.Negate(random.nextBoolean(), written());
      case 1 ->
          new Instruction.ByteSwap(
              pick(Instruction.ByteSwap.Order.values()), 16 << random.nextInt(3), written());
      case 2 -> {
        boolean wide = random.nextBoolean();
        yield new Instruction.SignExtend(
            wide, 8 << random.nextInt(wide ? 3 : 2), written(), read());
      }
      default ->
          new Instruction.Alu(
              pick(Arithmetic.values()), random.nextBoolean(), written(), operand());
    };
  }

  private Instruction memory() {
    Size size = pick(Size.values());
    Register base = random.nextInt(3) == 0 ? Register.R10 : read();
    int offset =
        base == Register.R10
            ? -random.nextInt(random.nextInt(20) == 0 ? 540 : 64)
            : random.nextInt(20);
    return switch (random.nextInt(5)) {
      case 0 -> new Instruction.Load(size, false, written(), base, offset);
      case 1 -> new Instruction.Load(size, size != Size.DOUBLE, written(), base, offset);
      case 2, 3 -> new Instruction.Store(size, base, offset, operand());
      default -> atomic(size, base, offset);
    };
  }

  private Instruction atomic(Size size, Register base, int offset) {
    AtomicOperation operation = pick(AtomicOperation.values());
    return switch (operation) {
      case LOAD_ACQUIRE -> new Instruction.Atomic(operation, size, written(), offset, base);
      case STORE_RELEASE -> new Instruction.Atomic(operation, size, base, offset, read());
      default ->
          new Instruction.Atomic(
              operation, random.nextBoolean() ? Size.WORD : Size.DOUBLE, base, offset, written());
    };
  }

  private Operand operand() {
    if (random.nextBoolean()) {
      return read();
    }
    return new Operand.Immediate(
        random.nextBoolean() ? (int) EDGES[random.nextInt(EDGES.length)] : random.nextInt());
  }

  private Register written() {
    return pick(WRITTEN);
  }

  private Register read() {
    return random.nextInt(12) == 0 ? Register.R10 : written();
  }

  private <T> T pick(T[] from) {
    return from[random.nextInt(from.length)];
  }
}
