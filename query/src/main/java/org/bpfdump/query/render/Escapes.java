// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.render;

import java.util.Arrays;

/** Makes bytes from the kernel fit for a terminal: what is no plain text is written as such. */
final class Escapes {
  private Escapes() {}

  /**
   * Replaces, from an offset on, each control character, and each byte that is no UTF-8, by {@code
   * \xNN}.
   */
  static void visible(TextBuffer text, int from) {
    byte[] bytes = text.array();
    int size = text.size();
    int at = from;
    while (at < size && bytes[at] >= ' ' && bytes[at] != 0x7F) {
      at++;
    }
    if (at == size) {
      return; // nearly always
    }
    byte[] rest = Arrays.copyOfRange(bytes, at, size);
    text.truncate(at);
    for (int i = 0; i < rest.length; ) {
      int length = sequence(rest, i);
      if (length == 0 || (length == 1 && (rest[i] < ' ' || rest[i] == 0x7F))) {
        text.put("\\x").putHex(rest[i], 2);
        i++;
      } else {
        text.put(rest, i, i + length);
        i += length;
      }
    }
  }

  /** Bytes of the character that begins here; 0 when it is none that can be shown. */
  private static int sequence(byte[] bytes, int at) {
    int first = bytes[at] & 0xFF;
    int length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (length == 0 || first > 0xF4 || at + length > bytes.length) {
      return 0;
    }
    int character = length == 1 ? first : first & (0x7F >> length);
    for (int i = 1; i < length; i++) {
      if ((bytes[at + i] & 0xC0) != 0x80) {
        return 0;
      }
      character = character << 6 | (bytes[at + i] & 0x3F);
    }
    boolean overlong = (length == 3 && character < 0x800) || (length == 4 && character < 0x10000);
    boolean control = length == 2 && character < 0xA0; // C1 controls
    boolean surrogate = character >= 0xD800 && character < 0xE000;
    return overlong || control || surrogate || character > 0x10FFFF ? 0 : length;
  }
}
