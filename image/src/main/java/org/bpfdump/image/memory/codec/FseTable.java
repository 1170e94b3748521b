// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory.codec;

import java.util.zip.DataFormatException;

/** A decoding table of finite state entropy. Source: RFC 8878, section 4.1. */
final class FseTable {
  private final int[] entries;
  private final int log;

  private FseTable(int[] entries, int log) {
    this.entries = entries;
    this.log = log;
  }

  /** A symbol that takes no bits. */
  static FseTable single(int symbol) {
    return new FseTable(new int[] {symbol}, 0);
  }

  /**
   * The table of a distribution.
   *
   * @param counts of each symbol, out of {@code 1 << log}; -1 is one that is less likely than 1
   */
  static FseTable of(int[] counts, int log) throws DataFormatException {
    int size = 1 << log;
    int[] entries = new int[size];
    int[] next = new int[counts.length];
    int high = size;
    for (int s = 0; s < counts.length; s++) {
      if (counts[s] == -1) {
        entries[--high] = s;
      }
      next[s] = Math.abs(counts[s]);
    }
    int step = (size >> 1) + (size >> 3) + 3;
    int at = 0;
    for (int s = 0; s < counts.length; s++) {
      for (int i = 0; i < counts[s]; i++) {
        entries[at] = s;
        do {
          at = (at + step) & (size - 1);
        } while (at >= high);
      }
    }
    if (at != 0) {
      throw new DataFormatException("a table of symbols is not full");
    }
    for (int i = 0; i < size; i++) {
      int symbol = entries[i];
      int state = next[symbol]++;
      int bits = log - (31 - Integer.numberOfLeadingZeros(state));
      entries[i] = symbol | (bits << 8) | (((state << bits) - size) << 16);
    }
    return new FseTable(entries, log);
  }

  /** The first state. */
  int start(BackwardBits bits) {
    return bits.read(log);
  }

  /** The symbol of a state. */
  int symbol(int state) {
    return entries[state] & 0xFF;
  }

  /** The state after it. */
  int next(int state, BackwardBits bits) {
    int entry = entries[state];
    return (entry >>> 16) + bits.read((entry >> 8) & 0xFF);
  }
}
