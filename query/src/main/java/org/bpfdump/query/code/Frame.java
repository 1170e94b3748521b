// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import org.bpfdump.error.UnsupportedException;

/** The program's stack: the chunk that is being built at its top, below it slots of 8 bytes. */
final class Frame {
  /** What the verifier grants a program. */
  private static final int STACK = 512;

  private final int chunk;
  private final int slots;
  private long taken;

  Frame(int chunk) {
    this.chunk = chunk;
    this.slots = (STACK - chunk) / 8;
  }

  /** Where the chunk begins, from R10. */
  int chunk() {
    return -chunk;
  }

  /** A slot, as an offset from R10. */
  int take() {
    return take(8);
  }

  /** Neighbouring slots for so many bytes. */
  int take(int bytes) {
    int count = (bytes + 7) / 8;
    long mask = (1L << count) - 1;
    for (int i = 0; i + count <= slots; i++) {
      if ((taken & (mask << i)) == 0) {
        taken |= mask << i;
        return -chunk - 8 * (i + count);
      }
    }
    throw new UnsupportedException(
        "an expression is too deep for the stack of a BPF program (512 bytes): take it apart, or"
            + " ask for its parts as columns and compute here");
  }

  void release(int offset) {
    release(offset, 8);
  }

  void release(int offset, int bytes) {
    int count = (bytes + 7) / 8;
    int first = (-chunk - offset) / 8 - count;
    taken &= ~(((1L << count) - 1) << first);
  }
}
