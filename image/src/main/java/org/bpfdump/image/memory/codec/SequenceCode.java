// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory.codec;

import java.util.List;
import java.util.zip.DataFormatException;

/**
 * The three codes that a sequence of Zstandard is made of, in the order of their tables: how many
 * literals, how far back, how long a match. Source: RFC 8878, section 3.1.1.3.2.
 */
final class SequenceCode {
  /** How many literals come first. */
  static final SequenceCode LITERALS =
      new SequenceCode(
          0,
          9,
          6,
          0,
          new int[] {
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9,
            10, 11, 12, 13, 14, 15, 16
          },
          new int[] {
            4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1,
            1, 1, 1, -1, -1, -1, -1
          });

  /** How many bits the distance has; they follow. */
  static final SequenceCode DISTANCE =
      new SequenceCode(
          1,
          8,
          5,
          0,
          new int[32],
          new int[] {
            1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1,
            -1
          });

  /** How many bytes are copied. */
  static final SequenceCode MATCH =
      new SequenceCode(
          2,
          9,
          6,
          3,
          new int[] {
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
          },
          new int[] {
            1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
            1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1
          });

  /** All, in the order of their tables. */
  static final List<SequenceCode> ALL = List.of(LITERALS, DISTANCE, MATCH);

  private final int index;
  private final int mostLog;
  private final int usualLog;
  private final int[] widths;
  private final int[] bases;
  private final int[] counts;

  /**
   * @param index which table of a block is its
   * @param mostLog how large a table may be, as a power of two
   * @param usualLog how large the table is that needs no description
   * @param first value of symbol 0
   * @param widths how many bits follow each symbol
   * @param counts the distribution of the usual table
   */
  private SequenceCode(
      int index, int mostLog, int usualLog, int first, int[] widths, int[] counts) {
    this.index = index;
    this.mostLog = mostLog;
    this.usualLog = usualLog;
    this.widths = widths;
    this.counts = counts;
    this.bases = new int[widths.length];
    int base = first;
    for (int i = 0; i < widths.length; i++) {
      bases[i] = base;
      base += 1 << widths[i];
    }
  }

  /** Which table of a block is its. */
  int index() {
    return index;
  }

  int mostLog() {
    return mostLog;
  }

  int symbols() {
    return widths.length;
  }

  /** The table that needs no description. */
  FseTable usual() throws DataFormatException {
    return FseTable.of(counts, usualLog);
  }

  /** The value of a symbol and the bits after it. */
  int value(int symbol, BackwardBits bits) {
    return bases[symbol] + bits.read(widths[symbol]);
  }
}
