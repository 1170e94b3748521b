// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.text;

/** Classes of bytes, which are Latin-1 to the kernel. Source: lib/ctype.c. */
final class CType {
  private CType() {}

  static boolean isSpace(int c) {
    return (c >= 9 && c <= 13) || c == ' ' || c == 0xA0;
  }

  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  static boolean isLetter(int c) {
    return (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (c >= 0xC0 && c <= 0xFF && c != 0xD7 && c != 0xF7);
  }

  static boolean isLetterOrDigit(int c) {
    return isLetter(c) || isDigit(c);
  }

  static boolean isPunctuation(int c) {
    return ((c > ' ' && c < 0x7F) || (c > 0xA0 && c <= 0xFF)) && !isLetterOrDigit(c);
  }

  /** A control character that is no white space. */
  static boolean isControl(int c) {
    return c < 0x80 && (c < ' ' || c == 0x7F) && !isSpace(c);
  }
}
