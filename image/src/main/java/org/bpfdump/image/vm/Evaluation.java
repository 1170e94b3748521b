// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

/** The interpreter's arithmetic, by opcode. Numbers: {@code include/uapi/linux/bpf.h}. */
final class Evaluation {
  private static final int ADD = 0x0;
  private static final int SUB = 0x1;
  private static final int MUL = 0x2;
  private static final int DIV = 0x3;
  private static final int OR = 0x4;
  private static final int AND = 0x5;
  private static final int LSH = 0x6;
  private static final int RSH = 0x7;
  private static final int NEG = 0x8;
  private static final int MOD = 0x9;
  private static final int XOR = 0xA;
  private static final int MOV = 0xB;
  private static final int ARSH = 0xC;
  private static final int END = 0xD;

  private static final int EQ = 0x1;
  private static final int GT = 0x2;
  private static final int GE = 0x3;
  private static final int SET = 0x4;
  private static final int NE = 0x5;
  private static final int SIGNED_GT = 0x6;
  private static final int SIGNED_GE = 0x7;
  private static final int LT = 0xA;
  private static final int LE = 0xB;
  private static final int SIGNED_LT = 0xC;
  private static final int SIGNED_LE = 0xD;

  private static final int BY_REGISTER = 0x08;
  private static final int JMP = 5;

  private Evaluation() {}

  /**
   * Arithmetic on 64 bits.
   *
   * @param offset of the instruction: 1 for signed division, the bits of a sign extension
   */
  static long wide(int opcode, int offset, long a, long b) {
    return switch (opcode >> 4) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> offset == 0 ? Operations.divide(a, b) : Operations.divideSigned(a, b);
      case OR -> a | b;
      case AND -> a & b;
      case LSH -> a << b;
      case RSH -> a >>> b;
      case NEG -> -a;
      case MOD -> offset == 0 ? Operations.modulo(a, b) : Operations.moduloSigned(a, b);
      case XOR -> a ^ b;
      case MOV ->
          switch (offset) {
            case 8 -> (byte) b;
            case 16 -> (short) b;
            case 32 -> (int) b;
            default -> b;
          };
      case ARSH -> a >> b;
      case END -> swap(a, (int) b);
      default -> throw unknown(opcode);
    };
  }

  /** Arithmetic on 32 bits, and the change of the byte order of any. */
  static long narrow(int opcode, int offset, int immediate, long wideA, long wideB) {
    if (opcode >> 4 == END) {
      return order(opcode, wideA, immediate);
    }
    int a = (int) wideA;
    int b = (int) wideB;
    int result =
        switch (opcode >> 4) {
          case ADD -> a + b;
          case SUB -> a - b;
          case MUL -> a * b;
          case DIV -> offset == 0 ? Operations.divide(a, b) : Operations.divideSigned(a, b);
          case OR -> a | b;
          case AND -> a & b;
          case LSH -> a << b;
          case RSH -> a >>> b;
          case NEG -> -a;
          case MOD -> offset == 0 ? Operations.modulo(a, b) : Operations.moduloSigned(a, b);
          case XOR -> a ^ b;
          case MOV -> offset == 8 ? (byte) b : offset == 16 ? (short) b : b;
          case ARSH -> a >> b;
          default -> throw unknown(opcode);
        };
    return result & 0xFFFFFFFFL;
  }

  private static long swap(long a, int bits) {
    return switch (bits) {
      case 16 -> Operations.swap16(a);
      case 32 -> Operations.swap32(a);
      default -> Long.reverseBytes(a);
    };
  }

  /** Changes the byte order of the lower bits, or only clears the others. */
  private static long order(int opcode, long a, int bits) {
    if ((opcode & BY_REGISTER) != 0) {
      return swap(a, bits);
    }
    return bits == 64 ? a : a & (1L << bits) - 1;
  }

  /** Whether a jump is taken. */
  static boolean holds(int opcode, long a, long b) {
    if ((opcode & 7) != JMP) {
      // Sign extension keeps the order of unsigned numbers, too.
      return compare(opcode, a << 32 >> 32, b << 32 >> 32);
    }
    return compare(opcode, a, b);
  }

  private static boolean compare(int opcode, long a, long b) {
    return switch (opcode >> 4) {
      case EQ -> a == b;
      case GT -> Long.compareUnsigned(a, b) > 0;
      case GE -> Long.compareUnsigned(a, b) >= 0;
      case SET -> (a & b) != 0;
      case NE -> a != b;
      case SIGNED_GT -> a > b;
      case SIGNED_GE -> a >= b;
      case LT -> Long.compareUnsigned(a, b) < 0;
      case LE -> Long.compareUnsigned(a, b) <= 0;
      case SIGNED_LT -> a < b;
      case SIGNED_LE -> a <= b;
      default -> throw unknown(opcode);
    };
  }

  private static IllegalStateException unknown(int opcode) {
    return new IllegalStateException("opcode " + opcode + " was let through");
  }
}
