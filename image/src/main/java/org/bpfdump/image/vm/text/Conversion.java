// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.text;

/** How one conversion of a format lays out what it converts. Reused. Source: lib/vsprintf.c. */
final class Conversion {
  private static final byte[] LOWER = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  boolean left;
  boolean plus;
  boolean space;
  boolean zero;

  /** Least bytes; -1 when the format does not say. */
  int width;

  private final byte[] digits = new byte[20];

  void clear() {
    left = false;
    plus = false;
    space = false;
    zero = false;
    width = -1;
  }

  /** Whether the byte is a flag, which is taken then. */
  boolean flag(int c) {
    switch (c) {
      case '0' -> zero = true;
      case '+' -> plus = true;
      case '-' -> left = true;
      case ' ' -> space = true;
      default -> {
        return false;
      }
    }
    return true;
  }

  void signed(TextBuffer into, long value) {
    int sign = value < 0 ? '-' : plus ? '+' : space ? ' ' : 0;
    number(into, value < 0 ? -value : value, 10, sign, false);
  }

  void unsigned(TextBuffer into, long value) {
    number(into, value, 10, 0, false);
  }

  void hexadecimal(TextBuffer into, long value, boolean capitals) {
    number(into, value, 16, 0, capitals);
  }

  /** An address: 16 digits where the format does not say how many. */
  void pointer(TextBuffer into, long value) {
    if (width == -1) {
      width = 16;
      zero = true;
    }
    number(into, value, 16, 0, false);
  }

  void character(TextBuffer into, int c) {
    if (!left) {
      into.repeat(' ', (long) width - 1);
    }
    into.put(c);
    if (left) {
      into.repeat(' ', (long) width - 1);
    }
  }

  void string(TextBuffer into, byte[] from, int offset, int length) {
    if (!left) {
      into.repeat(' ', (long) width - length);
    }
    into.put(from, offset, length);
    if (left) {
      into.repeat(' ', (long) width - length);
    }
  }

  /** Lays out what came into the buffer since {@code start} as a string. */
  void string(TextBuffer into, int start) {
    if (left) {
      into.repeat(' ', width - (into.length() - start));
    } else {
      into.alignRight(start, width);
    }
  }

  private void number(TextBuffer into, long magnitude, int base, int sign, boolean capitals) {
    int at = digits.length;
    long rest = magnitude;
    do {
      if (base == 16) {
        int digit = LOWER[(int) rest & 0xF];
        digits[--at] = (byte) (capitals && digit > '9' ? digit - 0x20 : digit);
        rest >>>= 4;
      } else if (rest >= 0) {
        digits[--at] = (byte) ('0' + rest % 10);
        rest /= 10;
      } else {
        digits[--at] = (byte) ('0' + Long.remainderUnsigned(rest, 10));
        rest = Long.divideUnsigned(rest, 10);
      }
    } while (rest != 0);
    int count = digits.length - at;
    long missing = (long) width - count - (sign == 0 ? 0 : 1);
    if (!left && !zero) {
      into.repeat(' ', missing);
    }
    if (sign != 0) {
      into.put(sign);
    }
    if (!left && zero) {
      into.repeat('0', missing);
    }
    into.put(digits, at, count);
    if (left) {
      into.repeat(' ', missing);
    }
  }
}
