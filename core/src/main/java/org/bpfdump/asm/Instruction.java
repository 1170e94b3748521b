// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.asm;

/**
 * One instruction, decoded. Offsets of jumps and calls count slots from the next slot on. Source:
 * {@code Documentation/bpf/standardization/instruction-set.rst}.
 *
 * <p>Decoding never fails and never loses anything: a slot that is no instruction known here, or
 * has something in a field its instruction does not use, is {@link Unknown}, and for every code
 * {@code c} and slot {@code i}, {@code Instruction.decode(c, i).encode()} is what {@code c} has
 * there.
 */
public sealed interface Instruction {
  /** The instruction at a slot. Of a 64-bit immediate load, that is the first of its two slots. */
  static Instruction decode(Code code, int slot) {
    return Decoder.decode(code, slot);
  }

  /** Its slot, or its two slots. */
  default long[] encode() {
    return Encoder.encode(this);
  }

  /** How many slots it takes: 2 for {@link LoadWide}, else 1. */
  default int slots() {
    return this instanceof LoadWide ? 2 : 1;
  }

  /**
   * Arithmetic.
   *
   * @param wide whether on 64 bits; else on 32, and the upper half of the destination becomes zero
   */
  record Alu(Arithmetic operator, boolean wide, Register dst, Operand src) implements Instruction {}

  /** {@code dst = -dst}. */
  record Negate(boolean wide, Register dst) implements Instruction {}

  /**
   * {@code dst = src} extended by its sign.
   *
   * @param bits of the source: 8, 16 or 32
   */
  record SignExtend(boolean wide, int bits, Register dst, Register src) implements Instruction {}

  /**
   * Changes the byte order of the lower {@code bits} and clears the rest.
   *
   * @param bits 16, 32 or 64
   */
  record ByteSwap(Order order, int bits, Register dst) implements Instruction {
    /** Between which orders. */
    public enum Order {
      /** The machine's and little-endian. */
      LITTLE,
      /** The machine's and big-endian. */
      BIG,
      /** Always (instruction set v4). */
      SWAP
    }
  }

  /** {@code dst = src}, an address of one space taken into another; for arenas. */
  record AddressCast(Register dst, Register src, int spaces) implements Instruction {}

  /**
   * {@code dst = *(base + offset)}.
   *
   * @param signed whether the value is extended by its sign (instruction set v4)
   */
  record Load(Size size, boolean signed, Register dst, Register base, int offset)
      implements Instruction {}

  /** {@code *(base + offset) = value}. */
  record Store(Size size, Register base, int offset, Operand value) implements Instruction {}

  /**
   * An atomic access.
   *
   * @param dst what points to the memory, but for {@link AtomicOperation#LOAD_ACQUIRE}
   */
  record Atomic(AtomicOperation operation, Size size, Register dst, int offset, Register src)
      implements Instruction {}

  /** A 64-bit immediate load, which takes two slots; each half of the immediate is in one. */
  record LoadWide(Register dst, Wide kind, int low, int high) implements Instruction {
    /** The two halves as one number. */
    public long value() {
      return ((long) high << 32) | (low & 0xFFFFFFFFL);
    }
  }

  /** {@code r0 =} part of a network packet; old form. {@code index} is null for none. */
  record LoadPacket(Size size, Register index, int offset) implements Instruction {}

  /** A jump if the condition holds, on all or on the lower 32 bits of the operands. */
  record JumpIf(Condition condition, boolean wide, Register left, Operand right, int offset)
      implements Instruction {}

  /**
   * A jump.
   *
   * @param far whether the offset has 32 bits (instruction set v4) rather than 16
   */
  record Jump(boolean far, int offset) implements Instruction {}

  /** A jump that the kernel takes at some time to end an endless loop. */
  record MayJump(int offset) implements Instruction {}

  /** A call of a helper. */
  record CallHelper(int helper) implements Instruction {}

  /** A call of another function of the program. */
  record CallFunction(int offset) implements Instruction {}

  /**
   * A call of a kernel function.
   *
   * @param type BTF id of its FUNC
   * @param module index of its module's BTF among the descriptors given on loading; 0 for the
   *     kernel
   */
  record CallKernel(int type, int module) implements Instruction {}

  /** The end of a function. */
  record Exit() implements Instruction {}

  /** A slot that is no instruction known here, or the second half of a {@link LoadWide}. */
  record Unknown(long slot) implements Instruction {}
}
