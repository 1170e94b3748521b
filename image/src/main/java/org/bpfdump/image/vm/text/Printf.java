// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.text;

import static org.bpfdump.image.vm.helper.Errno.EINVAL;
import static org.bpfdump.image.vm.helper.Errno.ENOSPC;

import org.bpfdump.image.vm.Machine;

/**
 * The formats of {@code bpf_seq_printf}, {@code bpf_snprintf} and {@code bpf_trace_printk}, as
 * kernels from 5.13 on have them. The kernel goes over a format twice: once to check it and to copy
 * the arguments into 512 bytes, once to print. What that shows outside is kept. Sources:
 * kernel/bpf/helpers.c, lib/vsprintf.c. Of one thread.
 */
public final class Printf {
  /** How many arguments a format has at most. */
  public static final int MOST_ARGUMENTS = 12;

  /** Bytes that the kernel has for copies of arguments. */
  private static final int ROOM = 512;

  private final TextBuffer text = new TextBuffer();
  private final Conversion conversion = new Conversion();
  private final byte[] string = new byte[ROOM];
  private final Pointers pointers;

  private Machine machine;
  private byte[] format;
  private int end;
  private int at;
  private int used;

  /** With pointers shown like this. */
  public Printf(Pointers pointers) {
    this.pointers = pointers;
  }

  /** What was printed last. */
  public TextBuffer text() {
    return text;
  }

  /**
   * Prints.
   *
   * @param from has the format, {@code size} bytes from {@code offset} on, and a NUL among them
   * @return 0, -EINVAL or -ENOSPC; after an error the text is of no meaning
   */
  public int print(Machine caller, byte[] from, int offset, int size, long[] arguments, int count) {
    machine = caller;
    format = from;
    text.clear();
    used = 0;
    end = offset;
    while (end < offset + size && from[end] != 0) {
      end++;
    }
    if (end == offset + size) {
      return -EINVAL;
    }
    int next = 0;
    for (at = offset; at < end; at++) {
      int c = c(0);
      if (CType.isControl(c)) {
        return -EINVAL;
      }
      if (c != '%') {
        text.put(c);
      } else if (c(1) == '%') {
        text.put('%');
        at++;
      } else {
        if (next >= count) {
          return -EINVAL;
        }
        at++;
        int error = convert(arguments[next++]);
        if (error != 0) {
          return error;
        }
      }
    }
    return 0;
  }

  /** A byte of the format; 0 after its end. */
  private int c(int ahead) {
    return at + ahead < end ? format[at + ahead] & 0xFF : 0;
  }

  /** Leaves {@link #at} at the conversion's last byte. */
  private int convert(long argument) {
    conversion.clear();
    while (conversion.flag(c(0))) {
      at++;
    }
    if (c(0) >= '1' && c(0) <= '9') {
      int width = 0;
      for (; CType.isDigit(c(0)); at++) {
        width = width * 10 + c(0) - '0'; // wraps as the kernel's own
      }
      conversion.width = width;
    }
    return switch (c(0)) {
      case 'p' -> pointer(argument);
      case 's' -> string(argument, true, true);
      case 'c' -> character(argument);
      default -> number(argument);
    };
  }

  private int number(long argument) {
    int longs = 0;
    while (longs < 2 && c(0) == 'l') {
      longs++;
      at++;
    }
    int c = c(0);
    if (c != 'i' && c != 'd' && c != 'u' && c != 'x' && c != 'X') {
      return -EINVAL;
    }
    if (!take(longs == 0 ? 4 : 8)) {
      return -ENOSPC;
    }
    boolean signed = c == 'i' || c == 'd';
    long value = longs != 0 ? argument : signed ? (int) argument : argument & 0xFFFFFFFFL;
    if (signed) {
      conversion.signed(text, value);
    } else if (c == 'u') {
      conversion.unsigned(text, value);
    } else {
      conversion.hexadecimal(text, value, c == 'X');
    }
    return 0;
  }

  /** Whether a number of this size still fits, which is aligned to four bytes. */
  private boolean take(int size) {
    used = (used + 3) & ~3;
    if (ROOM - used < size) {
      return false;
    }
    used += size;
    return true;
  }

  private int character(long argument) {
    if (used == ROOM) {
      return -ENOSPC;
    }
    used++;
    conversion.character(text, (int) argument & 0xFF);
    return 0;
  }

  private int string(long address, boolean kernel, boolean padded) {
    int after = c(1);
    if (after != 0 && !CType.isSpace(after) && !CType.isPunctuation(after)) {
      return -EINVAL;
    }
    if (used >= ROOM) {
      return -ENOSPC;
    }
    // There is no process whose memory a user's string could be in.
    int length = kernel ? Strings.copy(machine, address, string, 0, ROOM - used) : -1;
    if (length < 0) {
      length = 1;
    }
    used += length;
    if (padded) {
      conversion.string(text, string, 0, length - 1);
    } else {
      text.put(string, 0, length - 1);
    }
    return 0;
  }

  private int pointer(long argument) {
    int kind = c(1);
    if (kind == 0 || CType.isSpace(kind) || CType.isPunctuation(kind)) {
      if (!take(8)) {
        return -ENOSPC;
      }
      pointers.hashed(machine, conversion, text, argument);
      return 0;
    }
    if ((kind == 'k' || kind == 'u') && c(2) == 's') {
      at += 2;
      // Printed from the copy, and without regard to a width.
      return string(argument, kind == 'k', false);
    }
    return switch (kind) {
      case 'K', 'x', 's', 'S' -> {
        at++;
        if (!take(8)) {
          yield -ENOSPC;
        }
        plain(kind, argument);
        // The kernel takes all letters and digits that follow for a part of the conversion.
        while (CType.isLetterOrDigit(c(1))) {
          at++;
        }
        yield 0;
      }
      case 'B' -> {
        at++;
        yield copied(() -> pointers.backtrace(text, argument));
      }
      case 'i', 'I' -> address(argument, kind == 'I');
      default -> -EINVAL;
    };
  }

  private void plain(int kind, long argument) {
    switch (kind) {
      case 'K' -> pointers.restricted(machine, conversion, text, argument);
      case 'x' -> conversion.pointer(text, argument);
      default -> {
        int start = text.kept();
        pointers.symbol(text, argument, kind == 'S');
        conversion.string(text, start);
      }
    }
  }

  private int address(long argument, boolean readable) {
    int version = c(2);
    if (version != '4' && version != '6') {
      return -EINVAL;
    }
    at += 2;
    int size = version == '4' ? 4 : 16;
    if (ROOM - used < size) {
      return -ENOSPC;
    }
    machine.read(argument, string, 0, size); // all zero where it fails
    int error = copied(() -> Addresses.put(text, string, size, readable));
    while (CType.isLetterOrDigit(c(1))) {
      at++;
    }
    return error;
  }

  /**
   * Prints what the kernel prints on its first pass already, into what room is left. A kernel goes
   * on beyond its room when that was too little; here it is -ENOSPC for what follows.
   */
  private int copied(Runnable put) {
    if (used > ROOM) {
      return -ENOSPC;
    }
    int start = text.kept();
    put.run();
    int length = text.kept() - start;
    text.cut(start + Math.min(length, Math.max(0, ROOM - used - 1)));
    used += length + 1;
    while (CType.isLetterOrDigit(c(1))) {
      at++;
    }
    return 0;
  }
}
