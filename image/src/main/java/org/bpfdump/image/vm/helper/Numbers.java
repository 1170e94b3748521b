// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import static org.bpfdump.image.vm.helper.Errno.E2BIG;
import static org.bpfdump.image.vm.helper.Errno.EINVAL;
import static org.bpfdump.image.vm.helper.Errno.ERANGE;

import org.bpfdump.image.vm.Machine;

/** Helpers on text and numbers of the program's own. Source: kernel/bpf/helpers.c. */
final class Numbers {
  private static final int MOST_LOOPS = 8 << 20;
  private static final int BASE = 0x1F;

  /** Of a number's digits, prefix included. */
  private static final int MOST_DIGITS = 63;

  private Numbers() {}

  static long loop(Machine m, long count, long function, long context, long flags, long r5) {
    if (flags != 0) {
      return -EINVAL;
    }
    long most = count & 0xFFFFFFFFL;
    if (most > MOST_LOOPS) {
      return -E2BIG & 0xFFFFFFFFL; // the kernel has this call inline, and sets 32 bits there
    }
    for (long i = 0; i < most; i++) {
      m.charge(1);
      if (m.callback(function, i, context, 0, 0, 0) != 0) {
        return i + 1;
      }
    }
    return most;
  }

  static long compare(Machine m, long left, long length, long right, long r4, long r5) {
    int size = HelperState.size(m, left, length);
    byte[] a = m.own().bytes(left);
    byte[] b = m.own().bytes(right);
    for (int i = 0; i < size; i++) {
      int x = a[(int) left + i] & 0xFF;
      int y = (int) right + i < b.length ? b[(int) right + i] & 0xFF : 0;
      if (x != y) {
        return x < y ? -1 : 1;
      }
      if (x == 0) {
        break;
      }
    }
    return 0;
  }

  static long signed(Machine m, long from, long length, long flags, long into, long r5) {
    return parse(m, from, length, flags, into, true);
  }

  static long unsigned(Machine m, long from, long length, long flags, long into, long r5) {
    return parse(m, from, length, flags, into, false);
  }

  private static long parse(
      Machine m, long from, long length, long flags, long into, boolean signed) {
    store(m, into, 0);
    int size = HelperState.size(m, from, length);
    int base = (int) flags & BASE;
    if (size == 0 || (flags & ~BASE) != 0 || (base != 0 && base != 8 && base != 10 && base != 16)) {
      return -EINVAL;
    }
    byte[] text = m.own().bytes(from);
    int start = (int) from;
    int end = start + size;
    int at = start;
    while (at < end && space(text[at] & 0xFF)) {
      at++;
    }
    boolean negative = at < end && text[at] == '-';
    if (negative) {
      at++;
    }
    if (at == end) {
      return -EINVAL;
    }
    end = Math.min(end, at + MOST_DIGITS);
    boolean hexadecimal =
        c(text, at, end) == '0'
            && (c(text, at + 1, end) | 0x20) == 'x'
            && Character.digit(c(text, at + 2, end), 16) >= 0;
    if (base == 0) {
      base = hexadecimal ? 16 : c(text, at, end) == '0' ? 8 : 10;
    }
    if (base == 16 && c(text, at, end) == '0' && (c(text, at + 1, end) | 0x20) == 'x') {
      at += 2;
    }
    int first = at;
    long value = 0;
    boolean overflow = false;
    for (int digit; (digit = Character.digit(c(text, at, end), base)) >= 0; at++) {
      long next = value * base + digit;
      overflow |= Long.compareUnsigned(value, Long.divideUnsigned(-1 - digit, base)) > 0;
      value = next;
    }
    if (overflow) {
      return -ERANGE;
    }
    if (at == first || (negative && !signed)) {
      return -EINVAL; // a number too large is said first, also of a negative one
    }
    if (signed && (negative ? -value > 0 : value < 0)) {
      return -ERANGE;
    }
    store(m, into, negative ? -value : value);
    return (long) at - start;
  }

  /** A character, of Latin-1 as the kernel has it; a NUL after the end. */
  private static char c(byte[] text, int at, int end) {
    return at < end ? (char) (text[at] & 0xFF) : 0;
  }

  /** White space, the no-break one of Latin-1 included. Source: lib/ctype.c. */
  private static boolean space(int c) {
    return (c >= 9 && c <= 13) || c == 0x20 || c == 0xA0;
  }

  private static void store(Machine m, long into, long value) {
    byte[] bytes = new byte[8];
    for (int i = 0; i < 8; i++) {
      bytes[i] = (byte) (value >>> (8 * i));
    }
    m.write(into, bytes, 0, 8);
  }
}
