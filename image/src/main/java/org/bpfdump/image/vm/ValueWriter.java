// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import org.bpfdump.asm.Condition;
import org.bpfdump.asm.Instruction;
import org.bpfdump.asm.Operand;
import org.bpfdump.asm.Register;

/** Writes arithmetic and conditions. */
final class ValueWriter {
  private static final long LOWER = 0xFFFFFFFFL;
  private static final ClassDesc LONG = ConstantDescs.CD_Long;
  private static final ClassDesc INTEGER = ConstantDescs.CD_Integer;

  private final CodeBuilder code;
  private final int[] registers;

  ValueWriter(CodeBuilder code, int[] registers) {
    this.code = code;
    this.registers = registers;
  }

  /** A constant; small ones are not in the class's table. */
  void constant(long value) {
    if ((short) value == value) {
      code.loadConstant((int) value).i2l();
    } else {
      code.loadConstant(value);
    }
  }

  private int local(Register register) {
    return registers[register.number()];
  }

  /** All 64 bits. */
  void wide(Operand operand) {
    switch (operand) {
      case Register register -> code.lload(local(register));
      case Operand.Immediate(int value) -> constant(value);
    }
  }

  /** The lower 32 bits as an int. */
  private void narrow(Operand operand) {
    switch (operand) {
      case Register register -> code.lload(local(register)).l2i();
      case Operand.Immediate(int value) -> code.loadConstant(value);
    }
  }

  /** Makes an int, extended by zeroes, the value of a register. */
  void setNarrow(Register register) {
    code.i2l().loadConstant(LOWER).land().lstore(local(register));
  }

  void alu(Instruction.Alu alu) {
    if (alu.wide()) {
      aluWide(alu);
      code.lstore(local(alu.dst()));
    } else {
      aluNarrow(alu);
      setNarrow(alu.dst());
    }
  }

  private void aluWide(Instruction.Alu alu) {
    boolean certain = alu.src() instanceof Operand.Immediate(int value) && value != 0;
    switch (alu.operator()) {
      case ADD -> operands(alu).ladd();
      case SUB -> operands(alu).lsub();
      case MUL -> operands(alu).lmul();
      case DIV -> {
        operands(alu);
        if (certain) {
          code.invokestatic(LONG, "divideUnsigned", Signatures.WIDE);
        } else {
          code.invokestatic(Names.OPERATIONS, "divide", Signatures.WIDE);
        }
      }
      case SDIV -> {
        operands(alu);
        code.invokestatic(Names.OPERATIONS, "divideSigned", Signatures.WIDE);
      }
      case MOD -> {
        operands(alu);
        if (certain) {
          code.invokestatic(LONG, "remainderUnsigned", Signatures.WIDE);
        } else {
          code.invokestatic(Names.OPERATIONS, "modulo", Signatures.WIDE);
        }
      }
      case SMOD -> {
        operands(alu);
        code.invokestatic(Names.OPERATIONS, "moduloSigned", Signatures.WIDE);
      }
      case OR -> operands(alu).lor();
      case AND -> operands(alu).land();
      case XOR -> operands(alu).lxor();
      case LSH -> shift(alu).lshl();
      case RSH -> shift(alu).lushr();
      case ARSH -> shift(alu).lshr();
      case MOV -> wide(alu.src());
    }
  }

  private CodeBuilder operands(Instruction.Alu alu) {
    wide(alu.dst());
    wide(alu.src());
    return code;
  }

  /** Java masks what it shifts by as the machine does. */
  private CodeBuilder shift(Instruction.Alu alu) {
    wide(alu.dst());
    narrow(alu.src());
    return code;
  }

  private void aluNarrow(Instruction.Alu alu) {
    boolean certain = alu.src() instanceof Operand.Immediate(int value) && value != 0;
    switch (alu.operator()) {
      case ADD -> operands32(alu).iadd();
      case SUB -> operands32(alu).isub();
      case MUL -> operands32(alu).imul();
      case DIV -> {
        operands32(alu);
        if (certain) {
          code.invokestatic(INTEGER, "divideUnsigned", Signatures.NARROW);
        } else {
          code.invokestatic(Names.OPERATIONS, "divide", Signatures.NARROW);
        }
      }
      case SDIV -> {
        operands32(alu);
        code.invokestatic(Names.OPERATIONS, "divideSigned", Signatures.NARROW);
      }
      case MOD -> {
        operands32(alu);
        if (certain) {
          code.invokestatic(INTEGER, "remainderUnsigned", Signatures.NARROW);
        } else {
          code.invokestatic(Names.OPERATIONS, "modulo", Signatures.NARROW);
        }
      }
      case SMOD -> {
        operands32(alu);
        code.invokestatic(Names.OPERATIONS, "moduloSigned", Signatures.NARROW);
      }
      case OR -> operands32(alu).ior();
      case AND -> operands32(alu).iand();
      case XOR -> operands32(alu).ixor();
      case LSH -> operands32(alu).ishl();
      case RSH -> operands32(alu).iushr();
      case ARSH -> operands32(alu).ishr();
      case MOV -> narrow(alu.src());
    }
  }

  private CodeBuilder operands32(Instruction.Alu alu) {
    narrow(alu.dst());
    narrow(alu.src());
    return code;
  }

  void negate(Instruction.Negate negate) {
    if (negate.wide()) {
      code.lload(local(negate.dst())).lneg().lstore(local(negate.dst()));
    } else {
      code.lload(local(negate.dst())).l2i().ineg();
      setNarrow(negate.dst());
    }
  }

  void signExtend(Instruction.SignExtend extend) {
    code.lload(local(extend.src())).l2i();
    extend(extend.bits());
    if (extend.wide()) {
      code.i2l().lstore(local(extend.dst()));
    } else {
      setNarrow(extend.dst());
    }
  }

  /** Extends the lower bits of an int by their sign. */
  void extend(int bits) {
    switch (bits) {
      case 8 -> code.i2b();
      case 16 -> code.i2s();
      default -> {}
    }
  }

  void swap(Instruction.ByteSwap swap) {
    code.lload(local(swap.dst()));
    switch (swap.order()) {
      case LITTLE -> {
        switch (swap.bits()) {
          case 16 -> code.loadConstant(0xFFFFL).land();
          case 32 -> code.loadConstant(LOWER).land();
          default -> {}
        }
      }
      case BIG, SWAP -> {
        switch (swap.bits()) {
          case 16 -> code.invokestatic(Names.OPERATIONS, "swap16", Signatures.SWAP);
          case 32 -> code.invokestatic(Names.OPERATIONS, "swap32", Signatures.SWAP);
          default -> code.invokestatic(LONG, "reverseBytes", Signatures.SWAP);
        }
      }
    }
    code.lstore(local(swap.dst()));
  }

  /** Jumps when the condition holds, or when it does not. */
  void branch(Instruction.JumpIf jump, Label to, boolean holds) {
    if (jump.wide()) {
      wide(jump.left());
      wide(jump.right());
      switch (jump.condition()) {
        case SET -> code.land().lconst_0().lcmp();
        case EQ, NE, SIGNED_GT, SIGNED_GE, SIGNED_LT, SIGNED_LE -> code.lcmp();
        case GT, GE, LT, LE -> code.invokestatic(LONG, "compareUnsigned", Signatures.COMPARE);
      }
      code.branch(compareToZero(jump.condition(), holds), to);
      return;
    }
    narrow(jump.left());
    narrow(jump.right());
    switch (jump.condition()) {
      case SET -> code.iand().branch(compareToZero(Condition.SET, holds), to);
      case EQ -> code.branch(holds ? Opcode.IF_ICMPEQ : Opcode.IF_ICMPNE, to);
      case NE -> code.branch(holds ? Opcode.IF_ICMPNE : Opcode.IF_ICMPEQ, to);
      case SIGNED_GT -> code.branch(holds ? Opcode.IF_ICMPGT : Opcode.IF_ICMPLE, to);
      case SIGNED_GE -> code.branch(holds ? Opcode.IF_ICMPGE : Opcode.IF_ICMPLT, to);
      case SIGNED_LT -> code.branch(holds ? Opcode.IF_ICMPLT : Opcode.IF_ICMPGE, to);
      case SIGNED_LE -> code.branch(holds ? Opcode.IF_ICMPLE : Opcode.IF_ICMPGT, to);
      case GT, GE, LT, LE -> {
        code.invokestatic(INTEGER, "compareUnsigned", Signatures.NARROW);
        code.branch(compareToZero(jump.condition(), holds), to);
      }
    }
  }

  private static Opcode compareToZero(Condition condition, boolean holds) {
    return switch (condition) {
      case EQ -> holds ? Opcode.IFEQ : Opcode.IFNE;
      case NE, SET -> holds ? Opcode.IFNE : Opcode.IFEQ;
      case GT, SIGNED_GT -> holds ? Opcode.IFGT : Opcode.IFLE;
      case GE, SIGNED_GE -> holds ? Opcode.IFGE : Opcode.IFLT;
      case LT, SIGNED_LT -> holds ? Opcode.IFLT : Opcode.IFGE;
      case LE, SIGNED_LE -> holds ? Opcode.IFLE : Opcode.IFGT;
    };
  }
}
