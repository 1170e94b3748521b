// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.asm;

/** What an atomic instruction does to memory. */
public enum AtomicOperation {
  ADD(0x00),
  OR(0x40),
  AND(0x50),
  XOR(0xA0),
  /** The old value goes to the source register; so with the next three. */
  FETCH_ADD(0x01),
  FETCH_OR(0x41),
  FETCH_AND(0x51),
  FETCH_XOR(0xA1),
  /** Exchanges memory and source register. */
  XCHG(0xE1),
  /** Stores the source register if memory equals R0; the old value goes to R0. */
  CMPXCHG(0xF1),
  /** Loads into the destination register from where the source register points. */
  LOAD_ACQUIRE(0x100),
  STORE_RELEASE(0x110);

  private static final AtomicOperation[] ALL = values();

  private final int code;

  AtomicOperation(int code) {
    this.code = code;
  }

  /** What the instruction's immediate holds. */
  int code() {
    return code;
  }

  static AtomicOperation of(int immediate) {
    for (AtomicOperation operation : ALL) {
      if (operation.code == immediate) {
        return operation;
      }
    }
    return null;
  }
}
