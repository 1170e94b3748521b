// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import org.bpfdump.error.UnsupportedException;

/**
 * A table that finds a literal in a text, byte by byte and without a branch: the state after byte
 * {@code b} in state {@code s} is at {@code s * 256 + b}. It begins in state 0. A search with
 * branches at each byte would have the verifier follow more ways than it is willing to.
 *
 * @param table the states, a power of two times 256 bytes
 * @param found the state that says so, and is never left
 * @param ended the state after a NUL, which is never left
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
record Automaton(byte[] table, int found, int ended) {
  /** States have 8 bits, and there are two more than bytes in the literal. */
  private static final int LONGEST = 254;

  static Automaton of(byte[] literal) {
    int length = literal.length;
    if (length > LONGEST) {
      throw new UnsupportedException(
          "a text that is looked for in another has at most "
              + LONGEST
              + " bytes: look for a part of it");
    }
    int states = Integer.highestOneBit(2 * (length + 2) - 1);
    byte[] table = new byte[states * 256];
    int ended = length + 1;
    // Where the search would be, had it begun one byte later.
    int behind = 0;
    for (int state = 0; state < length; state++) {
      if (state > 0) {
        System.arraycopy(table, behind * 256, table, state * 256, 256);
      }
      int next = literal[state] & 0xFF;
      int follows = table[behind * 256 + next] & 0xFF;
      table[state * 256] = (byte) ended;
      table[state * 256 + next] = (byte) (state + 1);
      if (state > 0) {
        behind = follows;
      }
    }
    for (int i = 0; i < 256; i++) {
      table[length * 256 + i] = (byte) length;
      table[ended * 256 + i] = (byte) ended;
    }
    return new Automaton(table, length, ended);
  }

  /** What keeps an index inside the table. */
  int mask() {
    return table.length - 1;
  }
}
