// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

/**
 * Arithmetic where Java's own is not the machine's: division by zero has a result. Source: {@code
 * Documentation/bpf/standardization/instruction-set.rst}.
 */
final class Operations {
  private Operations() {}

  static long divide(long a, long b) {
    return b == 0 ? 0 : Long.divideUnsigned(a, b);
  }

  static long modulo(long a, long b) {
    return b == 0 ? a : Long.remainderUnsigned(a, b);
  }

  static long divideSigned(long a, long b) {
    return b == 0 ? 0 : a / b;
  }

  static long moduloSigned(long a, long b) {
    return b == 0 ? a : a % b;
  }

  static int divide(int a, int b) {
    return b == 0 ? 0 : Integer.divideUnsigned(a, b);
  }

  static int modulo(int a, int b) {
    return b == 0 ? a : Integer.remainderUnsigned(a, b);
  }

  static int divideSigned(int a, int b) {
    return b == 0 ? 0 : a / b;
  }

  static int moduloSigned(int a, int b) {
    return b == 0 ? a : a % b;
  }

  /** The lower 16 bits, their bytes swapped. */
  static long swap16(long a) {
    return Short.reverseBytes((short) a) & 0xFFFFL;
  }

  /** The lower 32 bits, their bytes swapped. */
  static long swap32(long a) {
    return Integer.reverseBytes((int) a) & 0xFFFFFFFFL;
  }
}
