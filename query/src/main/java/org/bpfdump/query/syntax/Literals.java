// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.syntax;

import java.nio.charset.StandardCharsets;
import org.bpfdump.error.QueryException;
import org.bpfdump.query.Span;

/** Numbers, characters and strings as C writes them. */
final class Literals {
  private final String text;

  Literals(String text) {
    this.text = text;
  }

  /** A code point for a message. */
  static String shown(int c) {
    boolean visible = c >= ' ' && !Character.isISOControl(c) && Character.isDefined(c);
    boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    return visible && !surrogate
        ? "'" + Character.toString(c) + "'"
        : "character U+%04X".formatted(c);
  }

  /** {@code 12}, {@code 0x1f}, {@code 017}, {@code 0b101}, with suffixes {@code u}, {@code l}. */
  Expression.Constant number(int start) {
    int end = start;
    while (end < text.length() && Lexer.isNamePart(text.charAt(end))) {
      end++;
    }
    Span span = new Span(start, end);
    if (end + 1 < text.length()
        && text.charAt(end) == '.'
        && Character.isDigit(text.charAt(end + 1))) {
      throw wrong("'.' in a number: kernels compute with whole numbers", start, end + 2);
    }
    int base = base(start, end);
    int digits = base == 16 || base == 2 ? start + 2 : start;
    int at = digits;
    long value = 0;
    boolean fits = true;
    for (; at < end && Character.digit(text.charAt(at), base) >= 0; at++) {
      int digit = Character.digit(text.charAt(at), base);
      fits &= Long.compareUnsigned(value, Long.divideUnsigned(-1L - digit, base)) <= 0;
      value = value * base + digit;
    }
    if (base == 8 && at < end && Character.isDigit(text.charAt(at))) {
      throw wrong(
          "'" + text.charAt(at) + "' in an octal number, which a leading 0 makes", at, at + 1);
    }
    String suffix = text.substring(at, end).replace("LL", "l").replace("ll", "l");
    boolean unsigned = suffix.indexOf('u') >= 0 || suffix.indexOf('U') >= 0;
    boolean wide = suffix.indexOf('l') >= 0 || suffix.indexOf('L') >= 0;
    if (at == digits || suffix.length() != (unsigned ? 1 : 0) + (wide ? 1 : 0)) {
      throw wrong(
          "not a number: those have digits, with 0x or 0b before them, and u or l after them",
          start,
          end);
    }
    if (!fits) {
      throw wrong("the number is too large: 64 bits hold 18446744073709551615 at most", start, end);
    }
    return new Expression.Constant(span, value, unsigned, wide, base == 10, false);
  }

  private int base(int start, int end) {
    if (text.charAt(start) != '0' || start + 1 == end) {
      return 10;
    }
    return switch (text.charAt(start + 1)) {
      case 'x', 'X' -> 16;
      case 'b', 'B' -> 2;
      case 'u', 'U', 'l', 'L' -> 10;
      default -> 8;
    };
  }

  /** {@code 'a'}; an {@code int}, of the sign that {@code char} has on most machines. */
  Expression.Constant character(int start) {
    Escaped escaped = new Escaped(text, start, '\'');
    String value = escaped.value();
    Span span = new Span(start, escaped.end());
    if (value.isEmpty()) {
      throw wrong("nothing between '': a character is missing", start, span.end());
    }
    if (value.codePointCount(0, value.length()) > 1) {
      throw wrong("between '' is one character; a string is between \"\"", start, span.end());
    }
    if (escaped.byteOnly()) {
      return new Expression.Constant(span, (byte) value.charAt(0), false, false, false, true);
    }
    int bytes = value.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > 1) {
      throw wrong(
          shown(value.codePointAt(0))
              + " has "
              + bytes
              + " bytes: write it as a string, between \"\"",
          start,
          span.end());
    }
    return new Expression.Constant(span, value.charAt(0), false, false, false, true);
  }

  /** {@code "..."}. */
  Expression.Text string(int start) {
    Escaped escaped = new Escaped(text, start, '"');
    if (escaped.byteOnly()) {
      throw wrong(
          "a byte beyond \\x7f in a string, which is UTF-8: write the character, or \\u00e9",
          start,
          escaped.end());
    }
    int zero = escaped.value().indexOf('\0');
    if (zero >= 0) {
      throw wrong("a 0 in a string: the kernel's strings end before it", start, escaped.end());
    }
    return new Expression.Text(new Span(start, escaped.end()), escaped.value());
  }

  private QueryException wrong(String message, int start, int end) {
    return new QueryException(message, text, start, end);
  }
}
