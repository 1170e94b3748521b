// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bpfdump.asm.Arithmetic;
import org.bpfdump.asm.Assembler;
import org.bpfdump.asm.AtomicOperation;
import org.bpfdump.asm.Code;
import org.bpfdump.asm.Condition;
import org.bpfdump.asm.Disassembler;
import org.bpfdump.asm.Instruction;
import org.bpfdump.asm.Operand;
import org.bpfdump.asm.Register;
import org.bpfdump.asm.Size;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;

/** The running kernel, the interpreter and compiled code give the same results. */
@RequiresKernel
class KernelAgreesTest {
  private static final long SEED = Long.getLong("bpfdump.seed", 20200408);
  private static final int COUNT = Integer.getInteger("bpfdump.fuzz", 1000);

  private static final long[] EDGES = {
    0,
    1,
    2,
    -1,
    -2,
    3,
    10,
    31,
    32,
    33,
    63,
    64,
    0x7F,
    0x80,
    0xFF,
    0x7FFF,
    0x8000,
    Integer.MAX_VALUE,
    0x80000000L,
    0xFFFFFFFFL,
    0x100000000L,
    0x123456789ABCDEFL,
    0xFEDCBA9876543210L,
    Integer.MIN_VALUE,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private static final int RESULTS = 16;

  /** Runs a program on the same context by everything that runs programs. */
  private static void agree(Code code, List<byte[]> contexts) {
    Engine.Prepared interpreted = new Interpreter().prepare(Machines.program(code));
    Engine.Prepared compiled = new Compiler().prepare(Machines.program(code));
    String text = new Disassembler().show(code);
    Processor processor = Machines.of();
    try (KernelProgram kernel = KernelProgram.load(code)) {
      for (byte[] context : contexts) {
        byte[] expected = context.clone();
        int result = kernel.run(expected);
        check(processor, interpreted, context, expected, result, "interpreted\n" + text);
        check(processor, compiled, context, expected, result, "compiled\n" + text);
      }
    } catch (AssertionError e) {
      throw new AssertionError(text, e);
    }
  }

  private static void check(
      Processor processor,
      Engine.Prepared prepared,
      byte[] context,
      byte[] expected,
      int result,
      String text) {
    byte[] bytes = context.clone();
    long address = processor.own().add(bytes, true);
    int returned = (int) prepared.run(processor, address);
    processor.own().remove(address);
    if (returned != result || !Arrays.equals(bytes, expected)) {
      HexFormat hex = HexFormat.ofDelimiter(" ");
      assertThat(returned + ": " + hex.formatHex(bytes))
          .as(text)
          .isEqualTo(result + ": " + hex.formatHex(expected));
    }
  }

  private static List<byte[]> pairs(int results) {
    List<byte[]> contexts = new ArrayList<>();
    for (long a : EDGES) {
      for (long b : EDGES) {
        contexts.add(
            ByteBuffer.allocate(RESULTS + 8 * results)
                .order(ByteOrder.nativeOrder())
                .putLong(0, a)
                .putLong(8, b)
                .array());
      }
    }
    return contexts;
  }

  /** Does each instruction to the first number, with the second in r3, and keeps the results. */
  private static void agreeOn(List<Instruction> instructions) {
    Assembler asm = new Assembler().move(Register.R6, Register.R1);
    int at = RESULTS;
    for (Instruction instruction : instructions) {
      asm.load(Size.DOUBLE, Register.R2, Register.R6, 0)
          .load(Size.DOUBLE, Register.R3, Register.R6, 8)
          .add(instruction)
          .store(Size.DOUBLE, Register.R6, at, Register.R2);
      at += 8;
    }
    agree(asm.move(Register.R0, 1).exit().code(), pairs(instructions.size()));
  }

  @Test
  void onArithmeticOfTwoRegisters() {
    List<Instruction> instructions = new ArrayList<>();
    for (Arithmetic operator : Arithmetic.values()) {
      instructions.add(new Instruction.Alu(operator, true, Register.R2, Register.R3));
      instructions.add(new Instruction.Alu(operator, false, Register.R2, Register.R3));
    }
    agreeOn(instructions);
  }

  @Test
  void onArithmeticWithConstants() {
    for (int value : new int[] {1, -1, 2, 7, 31, 1000, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      List<Instruction> instructions = new ArrayList<>();
      for (Arithmetic operator : Arithmetic.values()) {
        boolean shifts =
            operator == Arithmetic.LSH || operator == Arithmetic.RSH || operator == Arithmetic.ARSH;
        Operand operand = new Operand.Immediate(shifts ? value & 31 : value);
        instructions.add(new Instruction.Alu(operator, true, Register.R2, operand));
        instructions.add(new Instruction.Alu(operator, false, Register.R2, operand));
      }
      agreeOn(instructions);
    }
  }

  @Test
  void onSignsAndByteOrders() {
    List<Instruction> instructions = new ArrayList<>();
    for (boolean wide : new boolean[] {true, false}) {
      instructions.add(new Instruction.Negate(wide, Register.R2));
      for (int bits = 8; bits <= (wide ? 32 : 16); bits *= 2) {
        instructions.add(new Instruction.SignExtend(wide, bits, Register.R2, Register.R3));
      }
    }
    for (Instruction.ByteSwap.Order order : Instruction.ByteSwap.Order.values()) {
      for (int bits = 16; bits <= 64; bits *= 2) {
        instructions.add(new Instruction.ByteSwap(order, bits, Register.R2));
      }
    }
    agreeOn(instructions);
  }

  @Test
  void onConditions() {
    for (boolean wide : new boolean[] {true, false}) {
      List<Operand> operands = new ArrayList<>(List.of(Register.R3));
      for (int value : new int[] {0, 1, -1, 0x80, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
        operands.add(new Operand.Immediate(value));
      }
      for (Operand operand : operands) {
        Assembler asm = new Assembler().move(Register.R6, Register.R1);
        int at = RESULTS;
        for (Condition condition : Condition.values()) {
          asm.load(Size.DOUBLE, Register.R2, Register.R6, 0)
              .load(Size.DOUBLE, Register.R3, Register.R6, 8)
              .move(Register.R4, 1)
              .add(new Instruction.JumpIf(condition, wide, Register.R2, operand, 1))
              .move(Register.R4, 2)
              .store(Size.DOUBLE, Register.R6, at, Register.R4);
          at += 8;
        }
        agree(asm.move(Register.R0, 1).exit().code(), pairs(Condition.values().length));
      }
    }
  }

  @Test
  void onMemoryOfAllSizes() {
    Assembler asm = new Assembler().move(Register.R6, Register.R1);
    int at = RESULTS;
    for (Size size : Size.values()) {
      asm.load(Size.DOUBLE, Register.R2, Register.R6, 0)
          .load(Size.DOUBLE, Register.R3, Register.R6, 8)
          .store(Size.DOUBLE, Register.R10, -16, Register.R2)
          .store(size, Register.R10, -16, Register.R3)
          .load(size, Register.R4, Register.R10, -16)
          .store(Size.DOUBLE, Register.R6, at, Register.R4)
          .load(Size.DOUBLE, Register.R4, Register.R10, -16)
          .store(Size.DOUBLE, Register.R6, at + 8, Register.R4)
          .store(size, Register.R10, -16, -2)
          .load(Size.DOUBLE, Register.R4, Register.R10, -16)
          .store(Size.DOUBLE, Register.R6, at + 16, Register.R4);
      at += 24;
      if (size != Size.DOUBLE) {
        asm.add(new Instruction.Load(size, true, Register.R4, Register.R6, 8))
            .store(Size.DOUBLE, Register.R6, at, Register.R4);
      }
      asm.store(size, Register.R6, at + 8, Register.R3);
      at += 16;
    }
    agree(asm.move(Register.R0, 1).exit().code(), pairs(5 * Size.values().length));
  }

  @Test
  void onAtomicAccesses() {
    for (Size size : new Size[] {Size.WORD, Size.DOUBLE}) {
      Assembler asm = new Assembler().move(Register.R6, Register.R1);
      int at = RESULTS;
      for (AtomicOperation operation : AtomicOperation.values()) {
        if (operation == AtomicOperation.LOAD_ACQUIRE) {
          break; // Newer than the kernels that the rest runs on.
        }
        asm.load(Size.DOUBLE, Register.R2, Register.R6, 0)
            .load(Size.DOUBLE, Register.R3, Register.R6, 8)
            .move(Register.R0, Register.R2)
            .store(Size.DOUBLE, Register.R10, -8, Register.R2)
            .add(new Instruction.Atomic(operation, size, Register.R10, -8, Register.R3))
            .store(Size.DOUBLE, Register.R6, at, Register.R3)
            .load(Size.DOUBLE, Register.R4, Register.R10, -8)
            .store(Size.DOUBLE, Register.R6, at + 8, Register.R4)
            .store(Size.DOUBLE, Register.R6, at + 16, Register.R0)
            .move(Register.R0, Register.R3)
            .add(new Instruction.Atomic(operation, size, Register.R10, -8, Register.R2))
            .store(Size.DOUBLE, Register.R6, at + 24, Register.R0);
        at += 32;
      }
      agree(
          asm.move(Register.R0, 1).exit().code(), pairs(4 * (AtomicOperation.values().length - 2)));
    }
  }

  @Test
  void onProgramsThatAKernelLetsThrough() {
    System.out.println("programs of -Dbpfdump.seed=" + SEED);
    for (int i = 0; i < COUNT; i++) {
      TameProgram program = new TameProgram(SEED + i);
      agree(program.code(), program.contexts());
    }
  }
}
