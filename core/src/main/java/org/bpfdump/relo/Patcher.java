// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

import org.bpfdump.asm.Code;
import org.bpfdump.error.RelocationException;

/** Writes what a relocation comes to into its instruction. */
final class Patcher {
  private static final int CLASS = 0x07;
  private static final int LD = 0;
  private static final int LDX = 1;
  private static final int ST = 2;
  private static final int STX = 3;
  private static final int ALU = 4;
  private static final int ALU64 = 7;

  /** In an arithmetic opcode: the operand is a register. */
  private static final int FROM_REGISTER = 0x08;

  private static final int LOAD_IMM64 = 0x18;
  private static final int CALL = 0x85;

  /** In a memory opcode: the width. */
  private static final int WIDTH = 0x18;

  private static final String MISMATCH = "; compile the program again";

  private Patcher() {}

  /** Patches the instruction at {@code slot}; true unless it was poisoned. */
  static boolean patch(long[] slots, int slot, Resolution resolution) {
    if (slot < 0 || slot >= slots.length) {
      throw new RelocationException("the program ends before that slot" + MISMATCH);
    }
    if (resolution.actual() == null) {
      poison(slots, slot);
      return false;
    }
    switch (Code.opcode(slots[slot]) & CLASS) {
      case ALU, ALU64 -> arithmetic(slots, slot, resolution);
      case LD -> load64(slots, slot, resolution);
      case LDX, ST, STX -> {
        return memory(slots, slot, resolution);
      }
      default ->
          throw new RelocationException(
              "an instruction of opcode 0x"
                  + Integer.toHexString(Code.opcode(slots[slot]))
                  + " has nothing to relocate"
                  + MISMATCH);
    }
    return true;
  }

  private static void poison(long[] slots, int slot) {
    long call = Code.slot(CALL, 0, 0, 0, CoreRelocator.POISON);
    if (Code.opcode(slots[slot]) == LOAD_IMM64) {
      // Else the verifier would speak of the second slot and not of the call.
      slots[second(slots, slot)] = call;
    }
    slots[slot] = call;
  }

  private static int second(long[] slots, int slot) {
    if (slot + 1 >= slots.length) {
      throw new RelocationException("the program ends inside a 64-bit load" + MISMATCH);
    }
    return slot + 1;
  }

  private static void arithmetic(long[] slots, int slot, Resolution resolution) {
    long old = slots[slot];
    int opcode = Code.opcode(old);
    if ((opcode & FROM_REGISTER) != 0) {
      throw new RelocationException(
          "the instruction computes with a register, not with a number" + MISMATCH);
    }
    check(resolution, Code.immediate(old));
    long value = resolution.actual().value();
    // 64-bit arithmetic extends the sign of the number, 32-bit arithmetic drops it.
    boolean fits = value == (int) value || ((opcode & CLASS) == ALU && value >>> 32 == 0);
    if (!fits) {
      throw new RelocationException(
          "the kernel's value "
              + value
              + " does not fit the 32 bits of the instruction; keep it in a 64-bit variable");
    }
    slots[slot] = Code.withImmediate(old, (int) value);
  }

  private static void load64(long[] slots, int slot, Resolution resolution) {
    long low = slots[slot];
    if (Code.opcode(low) != LOAD_IMM64) {
      throw new RelocationException(
          "a load of opcode 0x"
              + Integer.toHexString(Code.opcode(low))
              + " has nothing to relocate"
              + MISMATCH);
    }
    long high = slots[second(slots, slot)];
    if (Code.src(low) != 0 || Code.offset(low) != 0 || (high & 0xFFFF_FFFFL) != 0) {
      throw new RelocationException("the 64-bit load does not load a plain number" + MISMATCH);
    }
    long old = Integer.toUnsignedLong(Code.immediate(low)) | (high & 0xFFFF_FFFF_0000_0000L);
    long value = resolution.actual().value();
    long expected = resolution.expected().value();
    if (expected < 0 && expected == (int) expected && old == (expected & 0xFFFF_FFFFL)) {
      // Answers are sign-extended; this compiler took the enum for unsigned.
      value &= 0xFFFF_FFFFL;
    } else {
      check(resolution, old);
    }
    slots[slot] = Code.withImmediate(low, (int) value);
    slots[slot + 1] = Code.withImmediate(high, (int) (value >> 32));
  }

  private static boolean memory(long[] slots, int slot, Resolution resolution) {
    long old = slots[slot];
    Answer expected = resolution.expected();
    Answer actual = resolution.actual();
    check(resolution, Code.offset(old));
    if (actual.value() < 0 || actual.value() > Short.MAX_VALUE) {
      throw new RelocationException(
          "the kernel has it at offset "
              + Long.toUnsignedString(actual.value())
              + ", beyond the 32767 that a load can reach; use bpf_core_read()");
    }
    if (!expected.sameAccess(actual)) {
      poison(slots, slot);
      return false;
    }
    long patched = Code.withOffset(old, (int) actual.value());
    if (expected.width() != actual.width()) {
      int opcode = Code.opcode(old);
      if (width(opcode) != expected.width()) {
        throw new RelocationException(
            "the instruction accesses "
                + width(opcode)
                + " bytes where local BTF has "
                + expected.width()
                + MISMATCH);
      }
      patched = (patched & ~(long) WIDTH) | widthBits(actual.width());
    }
    slots[slot] = patched;
    return true;
  }

  private static int width(int opcode) {
    return switch (opcode & WIDTH) {
      case 0x00 -> 4;
      case 0x08 -> 2;
      case 0x10 -> 1;
      default -> 8;
    };
  }

  private static int widthBits(long width) {
    if (width == 4) {
      return 0x00;
    } else if (width == 2) {
      return 0x08;
    } else if (width == 1) {
      return 0x10;
    } else if (width == 8) {
      return 0x18;
    }
    throw new RelocationException(
        "the kernel's field has " + width + " bytes, which no load takes; use bpf_core_read()");
  }

  private static void check(Resolution resolution, long held) {
    Answer expected = resolution.expected();
    if (expected.certain() && held != expected.value()) {
      throw new RelocationException(
          "the instruction holds " + held + " where local BTF says " + expected.value() + MISMATCH);
    }
  }
}
