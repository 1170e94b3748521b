// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import static org.bpfdump.image.vm.helper.Errno.E2BIG;
import static org.bpfdump.image.vm.helper.Errno.EFAULT;
import static org.bpfdump.image.vm.helper.Errno.ENOENT;

import org.bpfdump.image.vm.Machine;

/** {@code bpf_str*}: on strings that may not be there. Source: kernel/bpf/helpers.c. */
final class StringFunctions {
  /** {@code XATTR_SIZE_MAX}: no string is longer. */
  private static final int MOST = 65536;

  private StringFunctions() {}

  /** A byte of a string; -EFAULT when it is not there. */
  private static int c(Machine m, long at) {
    byte[] one = m.helpers().scratch(8);
    int error = m.read(at, one, 0, 1);
    return error != 0 ? -EFAULT : one[0] & 0xFF;
  }

  private static int lower(int c) {
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
  }

  static long compare(Machine m, long left, long right, long r3, long r4, long r5) {
    return compare(m, left, right, MOST, false);
  }

  static long compareCaseless(Machine m, long left, long right, long r3, long r4, long r5) {
    return compare(m, left, right, MOST, true);
  }

  static long compareStarts(Machine m, long left, long right, long most, long r4, long r5) {
    return compare(m, left, right, most, true);
  }

  private static long compare(Machine m, long left, long right, long most, boolean caseless) {
    for (int i = 0; i < MOST; i++) {
      if (i == most) {
        return 0;
      }
      int a = c(m, left + i);
      int b = c(m, right + i);
      if (a < 0 || b < 0) {
        return -EFAULT;
      }
      if (caseless) {
        a = lower(a);
        b = lower(b);
      }
      if (a != b) {
        return a < b ? -1 : 1;
      }
      if (a == 0) {
        return 0;
      }
      m.charge(1);
    }
    return -E2BIG;
  }

  static long find(Machine m, long text, long wanted, long r3, long r4, long r5) {
    return find(m, text, MOST, (int) wanted & 0xFF, false);
  }

  static long findWithin(Machine m, long text, long most, long wanted, long r4, long r5) {
    return find(m, text, most, (int) wanted & 0xFF, false);
  }

  static long findOrEnd(Machine m, long text, long wanted, long r3, long r4, long r5) {
    return find(m, text, MOST, (int) wanted & 0xFF, true);
  }

  private static long find(Machine m, long text, long most, int wanted, boolean end) {
    for (int i = 0; i < MOST; i++) {
      if (i == most) {
        return -ENOENT;
      }
      int c = c(m, text + i);
      if (c < 0) {
        return c;
      }
      if (c == wanted || (end && c == 0)) {
        return i;
      }
      if (c == 0) {
        return -ENOENT;
      }
      m.charge(1);
    }
    return most <= MOST && most != MOST ? -ENOENT : -E2BIG;
  }

  static long findLast(Machine m, long text, long wanted, long r3, long r4, long r5) {
    long last = -ENOENT;
    for (int i = 0; i < MOST; i++) {
      int c = c(m, text + i);
      if (c < 0) {
        return c;
      }
      if (c == ((int) wanted & 0xFF)) {
        last = i;
      }
      if (c == 0) {
        return last;
      }
      m.charge(1);
    }
    return -E2BIG;
  }

  static long length(Machine m, long text, long r2, long r3, long r4, long r5) {
    return find(m, text, Long.MAX_VALUE, 0, true);
  }

  static long lengthWithin(Machine m, long text, long most, long r3, long r4, long r5) {
    long found = find(m, text, most, 0, true);
    return found == -ENOENT ? most : found;
  }

  static long span(Machine m, long text, long set, long r3, long r4, long r5) {
    return span(m, text, set, true);
  }

  static long spanOthers(Machine m, long text, long set, long r3, long r4, long r5) {
    return span(m, text, set, false);
  }

  private static long span(Machine m, long text, long set, boolean inside) {
    for (int i = 0; i < MOST; i++) {
      int c = c(m, text + i);
      if (c <= 0) {
        return c < 0 ? c : i;
      }
      long found = find(m, set, MOST, c, false);
      if (found < 0 && found != -ENOENT) {
        return found;
      }
      if (found >= 0 != inside) {
        return i;
      }
      m.charge(1);
    }
    return -E2BIG;
  }

  static long findText(Machine m, long text, long wanted, long r3, long r4, long r5) {
    return findText(m, text, wanted, MOST, false);
  }

  static long findTextWithin(Machine m, long text, long wanted, long most, long r4, long r5) {
    return findText(m, text, wanted, most, false);
  }

  static long findTextCaseless(Machine m, long text, long wanted, long r3, long r4, long r5) {
    return findText(m, text, wanted, MOST, true);
  }

  private static long findText(Machine m, long text, long wanted, long most, boolean caseless) {
    if (c(m, wanted) == 0) {
      return 0;
    }
    for (int i = 0; i < MOST && i < most; i++) {
      for (int j = 0; ; j++) {
        m.charge(1);
        int b = c(m, wanted + j);
        if (b == 0) {
          return i;
        }
        if (b < 0 || j == MOST) {
          return b < 0 ? b : -E2BIG;
        }
        if ((long) i + j >= most) {
          return -ENOENT;
        }
        int a = c(m, text + i + j);
        if (a < 0) {
          return a;
        }
        if (a != b && !(caseless && lower(a) == lower(b))) {
          if (a == 0) {
            return -ENOENT;
          }
          break;
        }
      }
    }
    return most < MOST ? -ENOENT : -E2BIG;
  }
}
