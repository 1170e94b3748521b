// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import org.bpfdump.asm.AtomicOperation;

/**
 * Atomic accesses. A machine's memory is of one thread, so that nobody sees between their steps.
 * Numbers: {@code include/uapi/linux/bpf.h}.
 */
final class Atomics {
  private static final int ADD = 0x00;
  private static final int FETCH = 0x01;
  private static final int OR = 0x40;
  private static final int AND = 0x50;
  private static final int XOR = 0xA0;
  private static final int XCHG = 0xE1;
  private static final int CMPXCHG = 0xF1;
  private static final int LOAD_ACQUIRE = 0x100;
  private static final int STORE_RELEASE = 0x110;

  private Atomics() {}

  /** The immediate of an instruction that changes memory whatever it is. */
  static int code(AtomicOperation operation) {
    return switch (operation) {
      case ADD -> ADD;
      case OR -> OR;
      case AND -> AND;
      case XOR -> XOR;
      case FETCH_ADD -> ADD | FETCH;
      case FETCH_OR -> OR | FETCH;
      case FETCH_AND -> AND | FETCH;
      case FETCH_XOR -> XOR | FETCH;
      case XCHG -> XCHG;
      case CMPXCHG -> CMPXCHG;
      case LOAD_ACQUIRE -> LOAD_ACQUIRE;
      case STORE_RELEASE -> STORE_RELEASE;
    };
  }

  /** Executes one. {@code operation} is the instruction's immediate, {@code size} in bytes. */
  static void execute(
      Processor processor, long[] r, int dst, int src, int offset, int size, int operation) {
    if (operation == LOAD_ACQUIRE) {
      r[dst] = processor.load(r[src] + offset, size);
      return;
    }
    long address = r[dst] + offset;
    switch (operation) {
      case STORE_RELEASE -> processor.store(address, size, r[src]);
      case CMPXCHG -> r[0] = exchangeIf(processor, address, size, r[0], r[src]);
      default -> {
        long old = change(processor, address, size, operation, r[src]);
        if ((operation & FETCH) != 0) {
          r[src] = old;
        }
      }
    }
  }

  /** Changes memory to what it and the operand give, and returns what it was. */
  static long change(Processor processor, long address, int size, int operation, long operand) {
    processor.own().writable(address, size);
    long old = processor.load(address, size);
    long made =
        switch (operation & ~FETCH) {
          case ADD -> old + operand;
          case OR -> old | operand;
          case AND -> old & operand;
          case XOR -> old ^ operand;
          default -> operand;
        };
    processor.store(address, size, made);
    return old;
  }

  /** Changes memory if it is as expected, and returns what it was. */
  static long exchangeIf(Processor processor, long address, int size, long expected, long operand) {
    processor.own().writable(address, size);
    long old = processor.load(address, size);
    if (old == (size == 4 ? expected & 0xFFFFFFFFL : expected)) {
      processor.store(address, size, operand);
    }
    return old;
  }
}
