// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.text;

/** Internet addresses as {@code %pI4}, {@code %pi4}, {@code %pI6} and {@code %pi6} show them. */
final class Addresses {
  private static final String DIGITS = "0123456789abcdef";

  private Addresses() {}

  /**
   * Appends one.
   *
   * @param size 4 or 16
   * @param readable capital letter: no leading zeros in version 4, colons in version 6
   */
  static void put(TextBuffer into, byte[] address, int size, boolean readable) {
    for (int i = 0; i < size; i++) {
      int b = address[i] & 0xFF;
      if (size == 4) {
        if (i > 0) {
          into.put('.');
        }
        if (!readable || b >= 100) {
          into.put('0' + b / 100);
        }
        if (!readable || b >= 10) {
          into.put('0' + b / 10 % 10);
        }
        into.put('0' + b % 10);
      } else {
        if (readable && i > 0 && i % 2 == 0) {
          into.put(':');
        }
        into.put(DIGITS.charAt(b >> 4));
        into.put(DIGITS.charAt(b & 0xF));
      }
    }
  }
}
