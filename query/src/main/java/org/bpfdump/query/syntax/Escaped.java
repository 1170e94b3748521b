// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.syntax;

import org.bpfdump.error.QueryException;

/** What is between quotes, with C's escapes resolved. */
final class Escaped {
  private final String text;
  private final int open;
  private final StringBuilder value = new StringBuilder();
  private int at;
  private boolean byteOnly;

  /** Reads from the quote at {@code open} to the next one. */
  Escaped(String text, int open, char quote) {
    this.text = text;
    this.open = open;
    this.at = open + 1;
    while (peek(quote) != quote) {
      if (text.charAt(at) == '\\') {
        at++;
        escape(quote);
      } else {
        plain();
      }
    }
    at++;
  }

  String value() {
    return value.toString();
  }

  /** Index after the closing quote. */
  int end() {
    return at;
  }

  /** Whether a number was escaped that is a byte, but no character of ASCII. */
  boolean byteOnly() {
    return byteOnly;
  }

  private char peek(char quote) {
    if (at >= text.length() || text.charAt(at) == '\n') {
      throw new QueryException(
          "this " + quote + " is not closed on its line", text, open, open + 1);
    }
    return text.charAt(at);
  }

  private void plain() {
    int c = text.codePointAt(at);
    int length = Character.charCount(c);
    if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
      throw wrong("half a character", at, at + length);
    }
    if (c < ' ') {
      throw wrong(
          Literals.shown(c) + " between quotes: write it as an escape, such as \\t",
          at,
          at + length);
    }
    value.appendCodePoint(c);
    at += length;
  }

  private void escape(char quote) {
    char c = peek(quote);
    int start = at - 1;
    switch (c) {
      case 'a' -> simple('\u0007');
      case 'b' -> simple('\b');
      case 'e' -> simple('\u001b');
      case 'f' -> simple('\f');
      case 'n' -> simple('\n');
      case 'r' -> simple('\r');
      case 't' -> simple('\t');
      case 'v' -> simple('\u000b');
      case '\\', '\'', '"', '?' -> simple(c);
      case 'x' -> numbered(start, at + 1, 16, 1, 2);
      case 'u' -> numbered(start, at + 1, 16, 4, 4);
      case '0', '1', '2', '3', '4', '5', '6', '7' -> numbered(start, at, 8, 1, 3);
      default ->
          throw wrong(
              "unknown escape \\"
                  + (c > ' ' && c < 127 ? c : "")
                  + ": \\n \\t \\\\ \\\" \\' \\0 \\x41 \\u00e9 are known; a backslash is \\\\",
              start,
              at + Character.charCount(text.codePointAt(at)));
    }
  }

  private void simple(char c) {
    value.append(c);
    at++;
  }

  private void numbered(int start, int from, int base, int least, int most) {
    int number = 0;
    at = from;
    while (at < text.length()
        && at - from < most
        && text.charAt(at) < 128
        && Character.digit(text.charAt(at), base) >= 0) {
      number = number * base + Character.digit(text.charAt(at++), base);
    }
    if (at - from < least) {
      throw wrong(
          least == 1 ? "\\x needs digits, as in \\x41" : "\\u needs 4 digits, as in \\u00e9",
          start,
          at);
    }
    boolean isByte = most < 4;
    if (isByte ? number > 255 : Character.isSurrogate((char) number)) {
      throw wrong(isByte ? "a byte is \\377 at most" : "half a character", start, at);
    }
    byteOnly |= isByte && number > 127;
    value.append((char) number);
  }

  private QueryException wrong(String message, int start, int end) {
    return new QueryException(message, text, start, end);
  }
}
