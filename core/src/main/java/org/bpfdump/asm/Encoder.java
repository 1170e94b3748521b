// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.asm;

/** Instructions to slots. */
final class Encoder {
  // Classes of opcodes.
  static final int LD = 0;
  static final int LDX = 1;
  static final int ST = 2;
  static final int STX = 3;
  static final int ALU = 4;
  static final int JMP = 5;
  static final int JMP32 = 6;
  static final int ALU64 = 7;

  /** The second operand is a register. */
  static final int X = 0x08;

  // Operations that stand alone.
  static final int NEG = 0x80;
  static final int END = 0xD0;
  static final int MOV = 0xB0;
  static final int JA = 0x00;
  static final int CALL = 0x80;
  static final int EXIT = 0x90;
  static final int JCOND = 0xE0;

  // Modes of memory accesses.
  static final int IMM = 0x00;
  static final int ABS = 0x20;
  static final int IND = 0x40;
  static final int MEM = 0x60;
  static final int MEMSX = 0x80;
  static final int ATOMIC = 0xC0;

  private Encoder() {}

  static long[] encode(Instruction instruction) {
    if (instruction instanceof Instruction.LoadWide load) {
      return new long[] {first(load), Code.slot(0, 0, 0, 0, load.high())};
    }
    return new long[] {first(instruction)};
  }

  /** The only slot, or the first of two. */
  static long first(Instruction instruction) {
    return switch (instruction) {
      case Instruction.Alu(var operator, var wide, var dst, var src) ->
          binary(operator.code() | alu(wide), dst, src, operator.offset());
      case Instruction.Negate(var wide, var dst) ->
          Code.slot(NEG | alu(wide), dst.number(), 0, 0, 0);
      case Instruction.SignExtend(var wide, var bits, var dst, var src) ->
          Code.slot(MOV | X | alu(wide), dst.number(), src.number(), bits, 0);
      case Instruction.ByteSwap(var order, var bits, var dst) -> {
        int opcode =
            switch (order) {
              case LITTLE -> END | ALU;
              case BIG -> END | X | ALU;
              case SWAP -> END | ALU64;
            };
        yield Code.slot(opcode, dst.number(), 0, 0, bits);
      }
      case Instruction.AddressCast(var dst, var src, var spaces) ->
          Code.slot(MOV | X | ALU64, dst.number(), src.number(), 1, spaces);
      case Instruction.Load(var size, var signed, var dst, var base, var offset) ->
          Code.slot(
              (signed ? MEMSX : MEM) | size.code() | LDX, dst.number(), base.number(), offset, 0);
      case Instruction.Store(var size, var base, var offset, Operand.Immediate(var value)) ->
          Code.slot(MEM | size.code() | ST, base.number(), 0, offset, value);
      case Instruction.Store(var size, var base, var offset, Register value) ->
          Code.slot(MEM | size.code() | STX, base.number(), value.number(), offset, 0);
      case Instruction.Atomic(var operation, var size, var dst, var offset, var src) ->
          Code.slot(
              ATOMIC | size.code() | STX, dst.number(), src.number(), offset, operation.code());
      case Instruction.LoadWide(var dst, var kind, var low, _) ->
          Code.slot(IMM | Size.DOUBLE.code() | LD, dst.number(), kind.source(), 0, low);
      case Instruction.LoadPacket(var size, var index, var offset) ->
          index == null
              ? Code.slot(ABS | size.code() | LD, 0, 0, 0, offset)
              : Code.slot(IND | size.code() | LD, 0, index.number(), 0, offset);
      case Instruction.JumpIf(var condition, var wide, var left, var right, var offset) ->
          binary(condition.code() | (wide ? JMP : JMP32), left, right, offset);
      case Instruction.Jump(var far, var offset) ->
          far ? Code.slot(JA | JMP32, 0, 0, 0, offset) : Code.slot(JA | JMP, 0, 0, offset, 0);
      case Instruction.MayJump(var offset) -> Code.slot(JCOND | JMP, 0, 0, offset, 0);
      case Instruction.CallHelper(var helper) -> Code.slot(CALL | JMP, 0, 0, 0, helper);
      case Instruction.CallFunction(var offset) -> Code.slot(CALL | JMP, 0, 1, 0, offset);
      case Instruction.CallKernel(var type, var module) ->
          Code.slot(CALL | JMP, 0, 2, module, type);
      case Instruction.Exit() -> Code.slot(EXIT | JMP, 0, 0, 0, 0);
      case Instruction.Unknown(var slot) -> slot;
    };
  }

  private static int alu(boolean wide) {
    return wide ? ALU64 : ALU;
  }

  private static long binary(int opcode, Register dst, Operand src, int offset) {
    return switch (src) {
      case Register register -> Code.slot(opcode | X, dst.number(), register.number(), offset, 0);
      case Operand.Immediate(int value) -> Code.slot(opcode, dst.number(), 0, offset, value);
    };
  }
}
