// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.asm;

import org.bpfdump.asm.Instruction.ByteSwap.Order;

/** Slots to instructions. */
final class Decoder {
  private Decoder() {}

  static Instruction decode(Code code, int at) {
    long slot = code.get(at);
    Register dst = Register.of(Code.dst(slot));
    Register src = Register.of(Code.src(slot));
    Instruction found = null;
    if (Code.opcode(slot) == (Encoder.IMM | Size.DOUBLE.code() | Encoder.LD)) {
      found = wide(code, at, slot, dst);
    } else if (dst != null && src != null) {
      found =
          switch (Code.opcode(slot) & 7) {
            case Encoder.LD -> packet(slot, src);
            case Encoder.LDX -> load(slot, dst, src);
            case Encoder.ST -> store(slot, dst);
            case Encoder.STX -> storeRegister(slot, dst, src);
            case Encoder.ALU, Encoder.ALU64 -> arithmetic(slot, dst, src);
            default -> jump(slot, dst, src);
          };
    }
    // Whatever the instruction does not keep was in a field it does not use.
    return found != null && Encoder.first(found) == slot ? found : new Instruction.Unknown(slot);
  }

  private static Instruction wide(Code code, int at, long slot, Register dst) {
    Wide kind = Wide.of(Code.src(slot));
    if (dst == null || kind == null || at + 1 >= code.size()) {
      return null;
    }
    long second = code.get(at + 1);
    return (int) second == 0
        ? new Instruction.LoadWide(dst, kind, Code.immediate(slot), Code.immediate(second))
        : null;
  }

  private static Instruction packet(long slot, Register src) {
    Size size = Size.ofOpcode(Code.opcode(slot));
    return switch (mode(slot)) {
      case Encoder.ABS -> new Instruction.LoadPacket(size, null, Code.immediate(slot));
      case Encoder.IND -> new Instruction.LoadPacket(size, src, Code.immediate(slot));
      default -> null;
    };
  }

  private static int mode(long slot) {
    return Code.opcode(slot) & 0xE0;
  }

  private static Instruction load(long slot, Register dst, Register src) {
    Size size = Size.ofOpcode(Code.opcode(slot));
    return switch (mode(slot)) {
      case Encoder.MEM -> new Instruction.Load(size, false, dst, src, Code.offset(slot));
      case Encoder.MEMSX ->
          size == Size.DOUBLE
              ? null
              : new Instruction.Load(size, true, dst, src, Code.offset(slot));
      default -> null;
    };
  }

  private static Instruction store(long slot, Register dst) {
    Size size = Size.ofOpcode(Code.opcode(slot));
    return mode(slot) == Encoder.MEM
        ? new Instruction.Store(
            size, dst, Code.offset(slot), new Operand.Immediate(Code.immediate(slot)))
        : null;
  }

  private static Instruction storeRegister(long slot, Register dst, Register src) {
    Size size = Size.ofOpcode(Code.opcode(slot));
    int offset = Code.offset(slot);
    return switch (mode(slot)) {
      case Encoder.MEM -> new Instruction.Store(size, dst, offset, src);
      case Encoder.ATOMIC -> {
        AtomicOperation operation = AtomicOperation.of(Code.immediate(slot));
        yield operation != null && takes(operation, size)
            ? new Instruction.Atomic(operation, size, dst, offset, src)
            : null;
      }
      default -> null;
    };
  }

  /** Only the ordered load and store come in small sizes. */
  private static boolean takes(AtomicOperation operation, Size size) {
    return size.bytes() >= 4
        || operation == AtomicOperation.LOAD_ACQUIRE
        || operation == AtomicOperation.STORE_RELEASE;
  }

  private static Instruction arithmetic(long slot, Register dst, Register src) {
    int opcode = Code.opcode(slot);
    boolean wide = (opcode & 7) == Encoder.ALU64;
    boolean byRegister = (opcode & Encoder.X) != 0;
    int offset = Code.offset(slot);
    switch (opcode & 0xF0) {
      case Encoder.NEG -> {
        return new Instruction.Negate(wide, dst);
      }
      case Encoder.END -> {
        int bits = Code.immediate(slot);
        Order order = wide ? Order.SWAP : byRegister ? Order.BIG : Order.LITTLE;
        return bits == 16 || bits == 32 || bits == 64
            ? new Instruction.ByteSwap(order, bits, dst)
            : null;
      }
      case Encoder.MOV -> {
        if (byRegister && (offset == 8 || offset == 16 || (offset == 32 && wide))) {
          return new Instruction.SignExtend(wide, offset, dst, src);
        }
        if (byRegister && wide && offset == 1) {
          return new Instruction.AddressCast(dst, src, Code.immediate(slot));
        }
      }
      default -> {}
    }
    Arithmetic operator = Arithmetic.of(opcode, offset);
    return operator == null
        ? null
        : new Instruction.Alu(operator, wide, dst, second(byRegister, slot, src));
  }

  private static Operand second(boolean byRegister, long slot, Register src) {
    return byRegister ? src : new Operand.Immediate(Code.immediate(slot));
  }

  private static Instruction jump(long slot, Register dst, Register src) {
    int opcode = Code.opcode(slot);
    boolean wide = (opcode & 7) == Encoder.JMP;
    boolean byRegister = (opcode & Encoder.X) != 0;
    int offset = Code.offset(slot);
    return switch (opcode & 0xF0) {
      case Encoder.JA -> new Instruction.Jump(!wide, wide ? offset : Code.immediate(slot));
      case Encoder.CALL ->
          switch (src) {
            case R0 -> new Instruction.CallHelper(Code.immediate(slot));
            case R1 -> new Instruction.CallFunction(Code.immediate(slot));
            case R2 -> new Instruction.CallKernel(Code.immediate(slot), offset);
            default -> null;
          };
      case Encoder.EXIT -> new Instruction.Exit();
      case Encoder.JCOND -> new Instruction.MayJump(offset);
      default -> {
        Condition condition = Condition.of(opcode);
        yield condition == null
            ? null
            : new Instruction.JumpIf(condition, wide, dst, second(byRegister, slot, src), offset);
      }
    };
  }
}
