// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.text;

/**
 * How many columns of a terminal a text takes: none for a character that is drawn onto the one
 * before it, two for those that Unicode calls wide (UAX #11), one for all others.
 */
public final class Columns {
  /** Below are neither wide characters nor such that join others. */
  private static final int FIRST = 0x300;

  /** First and last of East Asian scripts; pictures are wide, too. */
  private static final int[] WIDE = {
    0x1100, 0x115F, 0x2E80, 0x303E, 0x3041, 0xA4CF, 0xA960, 0xA97F, 0xAC00, 0xD7A3, 0xF900, 0xFAFF,
    0xFE30, 0xFE6F, 0xFF01, 0xFF60, 0xFFE0, 0xFFE6, 0x20000, 0x3FFFD
  };

  private Columns() {}

  /** Of a text without tabs and other controls. */
  public static int of(String text) {
    int columns = 0;
    for (int i = 0; i < text.length(); ) {
      int character = text.codePointAt(i);
      i += Character.charCount(character);
      columns += of(character);
    }
    return columns;
  }

  /**
   * Of some bytes that are UTF-8, and whole characters.
   *
   * @param to the index after the last
   */
  public static int of(byte[] text, int from, int to) {
    int columns = 0;
    for (int i = from; i < to; i = next(text, i, to)) {
      columns += of(character(text, i, to));
    }
    return columns;
  }

  /** The index after the last character that fits into so many columns, of such bytes. */
  public static int fitting(byte[] text, int from, int to, int columns) {
    int left = columns;
    for (int i = from; i < to; i = next(text, i, to)) {
      left -= of(character(text, i, to));
      if (left < 0) {
        return i;
      }
    }
    return to;
  }

  private static int next(byte[] text, int at, int to) {
    return Math.min(to, at + 1 + more(text[at]));
  }

  /** How many bytes follow the first of a character. */
  private static int more(byte first) {
    return first >= 0 ? 0 : first < (byte) 0xE0 ? 1 : first < (byte) 0xF0 ? 2 : 3;
  }

  private static int character(byte[] text, int at, int to) {
    int more = more(text[at]);
    if (more == 0) {
      return text[at];
    }
    int character = text[at] & (0x3F >> more);
    for (int i = at + 1; i < next(text, at, to); i++) {
      character = character << 6 | (text[i] & 0x3F);
    }
    return character;
  }

  /** Of a character. */
  public static int of(int character) {
    if (character < FIRST) {
      return 1;
    }
    return switch (Character.getType(character)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
      default -> isWide(character) ? 2 : 1;
    };
  }

  private static boolean isWide(int character) {
    if (character < WIDE[0]) {
      return false;
    }
    for (int i = 0; i < WIDE.length; i += 2) {
      if (character >= WIDE[i] && character <= WIDE[i + 1]) {
        return true;
      }
    }
    return Character.isEmojiPresentation(character);
  }
}
