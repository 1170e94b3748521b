// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.asm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bpfdump.error.UnsupportedException;

/**
 * Makes code, one instruction after the other. Jumps and calls go to labels, which may be placed
 * before or after they are used.
 *
 * <pre>{@code
 * Assembler asm = new Assembler();
 * Assembler.Label last = asm.label();
 * Code code =
 *     asm.load(Size.DOUBLE, R2, R1, 8)
 *         .jumpIf(Condition.EQ, R2, 0, last)
 *         .call(126)
 *         .place(last)
 *         .move(R0, 0)
 *         .exit()
 *         .code();
 * }</pre>
 */
public final class Assembler {
  /** A place in the code. */
  public static final class Label {
    private int slot = -1;

    private Label() {}
  }

  /** What refers to a label, and how. */
  private enum Use {
    /** Offset of 16 bits. */
    NEAR,
    /** Immediate of 32 bits. */
    FAR
  }

  private record Reference(int slot, Use use, Label label) {}

  private long[] slots = new long[64];
  private int size;
  private final List<Reference> references = new ArrayList<>();

  /** Starts with no code. */
  public Assembler() {}

  /** Where the next instruction goes, in slots; relocations are told by it. */
  public int slot() {
    return size;
  }

  /** A label not placed yet. */
  public Label label() {
    return new Label();
  }

  /** Makes a label mean the next instruction. */
  public Assembler place(Label label) {
    if (label.slot >= 0) {
      throw new IllegalStateException("label is placed at " + label.slot + " already");
    }
    label.slot = size;
    return this;
  }

  /** Any instruction. */
  public Assembler add(Instruction instruction) {
    for (long slot : instruction.encode()) {
      if (size == slots.length) {
        slots = Arrays.copyOf(slots, size * 2);
      }
      slots[size++] = slot;
    }
    return this;
  }

  /** {@code dst = src}. */
  public Assembler move(Register dst, Register src) {
    return alu(Arithmetic.MOV, dst, src);
  }

  /** {@code dst = value}, extended by its sign to 64 bits. */
  public Assembler move(Register dst, int value) {
    return alu(Arithmetic.MOV, dst, value);
  }

  /** {@code dst = value}; takes two slots unless 32 bits are enough. */
  public Assembler move(Register dst, long value) {
    return (int) value == value
        ? move(dst, (int) value)
        : load(dst, Wide.VALUE, (int) value, (int) (value >>> 32));
  }

  /** Arithmetic on 64 bits. */
  public Assembler alu(Arithmetic operator, Register dst, Register src) {
    return add(new Instruction.Alu(operator, true, dst, src));
  }

  /** Arithmetic on 64 bits. */
  public Assembler alu(Arithmetic operator, Register dst, int value) {
    return add(new Instruction.Alu(operator, true, dst, new Operand.Immediate(value)));
  }

  /** Arithmetic on 32 bits. */
  public Assembler alu32(Arithmetic operator, Register dst, Register src) {
    return add(new Instruction.Alu(operator, false, dst, src));
  }

  /** Arithmetic on 32 bits. */
  public Assembler alu32(Arithmetic operator, Register dst, int value) {
    return add(new Instruction.Alu(operator, false, dst, new Operand.Immediate(value)));
  }

  /** {@code dst = *(base + offset)}, extended by zeroes. */
  public Assembler load(Size from, Register dst, Register base, int offset) {
    return add(new Instruction.Load(from, false, dst, base, near(offset)));
  }

  /** A 64-bit immediate load, of two slots. */
  public Assembler load(Register dst, Wide kind, int low, int high) {
    return add(new Instruction.LoadWide(dst, kind, low, high));
  }

  /** {@code *(base + offset) = src}. */
  public Assembler store(Size to, Register base, int offset, Register src) {
    return add(new Instruction.Store(to, base, near(offset), src));
  }

  /** {@code *(base + offset) = value}. */
  public Assembler store(Size to, Register base, int offset, int value) {
    return add(new Instruction.Store(to, base, near(offset), new Operand.Immediate(value)));
  }

  /** A jump. */
  public Assembler jump(Label to) {
    return refer(new Instruction.Jump(false, 0), Use.NEAR, to);
  }

  /** A jump if the condition holds for all 64 bits. */
  public Assembler jumpIf(Condition condition, Register left, Register right, Label to) {
    return refer(new Instruction.JumpIf(condition, true, left, right, 0), Use.NEAR, to);
  }

  /** A jump if the condition holds for all 64 bits; the value is extended by its sign. */
  public Assembler jumpIf(Condition condition, Register left, int right, Label to) {
    Operand value = new Operand.Immediate(right);
    return refer(new Instruction.JumpIf(condition, true, left, value, 0), Use.NEAR, to);
  }

  /** A jump if the condition holds for the lower 32 bits. */
  public Assembler jumpIf32(Condition condition, Register left, Register right, Label to) {
    return refer(new Instruction.JumpIf(condition, false, left, right, 0), Use.NEAR, to);
  }

  /** A jump if the condition holds for the lower 32 bits. */
  public Assembler jumpIf32(Condition condition, Register left, int right, Label to) {
    Operand value = new Operand.Immediate(right);
    return refer(new Instruction.JumpIf(condition, false, left, value, 0), Use.NEAR, to);
  }

  /** A call of the helper of this number. */
  public Assembler call(int helper) {
    return add(new Instruction.CallHelper(helper));
  }

  /** A call of the function that starts at a label. */
  public Assembler call(Label function) {
    return refer(new Instruction.CallFunction(0), Use.FAR, function);
  }

  /** {@code dst =} the function that starts at a label, to be called back by a helper. */
  public Assembler loadFunction(Register dst, Label function) {
    return refer(new Instruction.LoadWide(dst, Wide.FUNC, 0, 0), Use.FAR, function);
  }

  /** The end of a function. */
  public Assembler exit() {
    return add(new Instruction.Exit());
  }

  private Assembler refer(Instruction instruction, Use use, Label label) {
    references.add(new Reference(size, use, label));
    return add(instruction);
  }

  /**
   * The code.
   *
   * @throws IllegalStateException when a label that is used was not placed
   * @throws UnsupportedException when a jump goes further than 32767 slots
   */
  public Code code() {
    long[] made = Arrays.copyOf(slots, size);
    for (Reference reference : references) {
      int slot = reference.slot;
      if (reference.label.slot < 0) {
        throw new IllegalStateException("slot " + slot + " refers to a label that was not placed");
      }
      int distance = reference.label.slot - slot - 1;
      made[slot] =
          switch (reference.use) {
            case NEAR -> Code.withOffset(made[slot], near(distance));
            case FAR -> Code.withImmediate(made[slot], distance);
          };
    }
    return Code.of(made);
  }

  private static int near(int offset) {
    if ((short) offset != offset) {
      throw new UnsupportedException(
          "an instruction cannot reach as far as " + offset + ": its offset has 16 bits");
    }
    return offset;
  }
}
