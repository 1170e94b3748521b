// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bpfdump.asm.Arithmetic;
import org.bpfdump.asm.Assembler;
import org.bpfdump.asm.AtomicOperation;
import org.bpfdump.asm.Code;
import org.bpfdump.asm.Condition;
import org.bpfdump.asm.Instruction;
import org.bpfdump.asm.Operand;
import org.bpfdump.asm.Register;
import org.bpfdump.asm.Size;

/**
 * A random program that a kernel's verifier lets through: forward jumps, loops with a counter,
 * memory on the stack and in the context, calls of its own functions. In a function r6 is the
 * context, r9 the counter of a loop, the other registers numbers.
 */
final class TameProgram {
  private static final Register[] NUMBERS = {
    Register.R0,
    Register.R1,
    Register.R2,
    Register.R3,
    Register.R4,
    Register.R5,
    Register.R7,
    Register.R8
  };

  /** Those of all kernels. */
  private static final AtomicOperation[] OPERATIONS = {
    AtomicOperation.ADD,
    AtomicOperation.OR,
    AtomicOperation.AND,
    AtomicOperation.XOR,
    AtomicOperation.FETCH_ADD,
    AtomicOperation.FETCH_OR,
    AtomicOperation.FETCH_AND,
    AtomicOperation.FETCH_XOR,
    AtomicOperation.XCHG,
    AtomicOperation.CMPXCHG
  };

  private static final int CONTEXT = 64;
  private static final int STACK = 64;

  private final RandomGenerator random;
  private final Assembler asm = new Assembler();
  private final List<Assembler.Label> functions = new ArrayList<>();
  private final Code code;

  TameProgram(long seed) {
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    int callees = random.nextInt(3);
    for (int i = 0; i < callees; i++) {
      functions.add(asm.label());
    }
    function(0);
    for (int i = 0; i < callees; i++) {
      asm.place(functions.get(i));
      function(i + 1);
    }
    code = asm.code();
  }

  Code code() {
    return code;
  }

  /** A few contexts to run it with. */
  List<byte[]> contexts() {
    List<byte[]> contexts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      byte[] context = new byte[CONTEXT];
      random.nextBytes(context);
      contexts.add(context);
    }
    contexts.add(new byte[CONTEXT]);
    return contexts;
  }

  /** Functions call those after them: {@code index} is the number of the first. */
  private void function(int index) {
    asm.move(Register.R6, Register.R1);
    for (int i = 8; i <= STACK; i += 8) {
      asm.load(Size.DOUBLE, Register.R0, Register.R6, CONTEXT - i)
          .store(Size.DOUBLE, Register.R10, -i, Register.R0);
    }
    for (Register register : NUMBERS) {
      number(register);
    }
    if (index == 0) {
      // The verifier wants all functions to be called.
      functions.forEach(this::call);
    }
    for (int i = 2 + random.nextInt(4); i > 0; i--) {
      piece(index);
    }
    if (random.nextBoolean()) {
      asm.store(Size.DOUBLE, Register.R6, 8 * random.nextInt(CONTEXT / 8), Register.R7);
    }
    asm.exit();
  }

  private void piece(int index) {
    switch (random.nextInt(6)) {
      case 0, 1 -> straight(2 + random.nextInt(8));
      case 2, 3 -> {
        int length = 1 + random.nextInt(5);
        asm.add(condition(length));
        straight(length);
      }
      case 4 -> {
        asm.move(Register.R9, 1 + random.nextInt(5));
        Assembler.Label again = asm.label();
        asm.place(again);
        straight(1 + random.nextInt(6));
        asm.alu(Arithmetic.SUB, Register.R9, 1).jumpIf(Condition.NE, Register.R9, 0, again);
      }
      default -> {
        if (index < functions.size()) {
          call(functions.get(index));
        }
      }
    }
  }

  private void call(Assembler.Label function) {
    asm.move(Register.R1, Register.R6).call(function);
    for (int i = 1; i <= 5; i++) {
      number(NUMBERS[i]);
    }
  }

  /** A jump over this many slots. */
  private Instruction condition(int over) {
    Condition condition = pick(Condition.values());
    return new Instruction.JumpIf(condition, random.nextBoolean(), pick(), operand(), over);
  }

  private void number(Register register) {
    if (random.nextInt(4) == 0) {
      asm.move(register, random.nextLong());
    } else {
      asm.load(size(), register, Register.R6, 8 * random.nextInt(CONTEXT / 8));
    }
  }

  private void straight(int length) {
    for (int i = 0; i < length; i++) {
      asm.add(instruction());
    }
  }

  private Instruction instruction() {
    return switch (random.nextInt(16)) {
      case 0 -> new Instruction.Negate(random.nextBoolean(), pick());
      case 1 ->
          new Instruction.ByteSwap(
              pick(Instruction.ByteSwap.Order.values()), 16 << random.nextInt(3), pick());
      case 2 -> {
        boolean wide = random.nextBoolean();
        yield new Instruction.SignExtend(wide, 8 << random.nextInt(wide ? 3 : 2), pick(), pick());
      }
      case 3 -> {
        Size size = size();
        yield new Instruction.Load(
            size, size != Size.DOUBLE && random.nextBoolean(), pick(), Register.R10, place(size));
      }
      case 4 -> {
        Size size = size();
        yield new Instruction.Store(size, Register.R10, place(size), operand());
      }
      case 5 -> {
        Size size = random.nextBoolean() ? Size.WORD : Size.DOUBLE;
        AtomicOperation operation = pick(OPERATIONS);
        yield new Instruction.Atomic(operation, size, Register.R10, place(size), pick());
      }
      case 6 -> {
        Size size = size();
        int at = size.bytes() * random.nextInt(CONTEXT / size.bytes());
        yield new Instruction.Load(
            size, size != Size.DOUBLE && random.nextBoolean(), pick(), Register.R6, at);
      }
      default -> arithmetic();
    };
  }

  private Instruction arithmetic() {
    Arithmetic operator = pick(Arithmetic.values());
    boolean wide = random.nextBoolean();
    Operand operand = operand();
    if (operand instanceof Operand.Immediate(int value)) {
      // What the verifier refuses: a division by the constant zero, a shift by too much.
      operand =
          new Operand.Immediate(
              switch (operator) {
                case DIV, SDIV, MOD, SMOD -> value == 0 ? 1 : value;
                case LSH, RSH, ARSH -> value & (wide ? 63 : 31);
                default -> value;
              });
    }
    return new Instruction.Alu(operator, wide, pick(), operand);
  }

  private int place(Size size) {
    return -size.bytes() * (1 + random.nextInt(STACK / size.bytes()));
  }

  private Size size() {
    return pick(Size.values());
  }

  private Operand operand() {
    return switch (random.nextInt(4)) {
      case 0 -> new Operand.Immediate(random.nextInt());
      case 1 -> new Operand.Immediate(random.nextInt(-2, 3));
      default -> pick();
    };
  }

  private Register pick() {
    return pick(NUMBERS);
  }

  private <T> T pick(T[] from) {
    return from[random.nextInt(from.length)];
  }
}
