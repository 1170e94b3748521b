// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import org.bpfdump.asm.Instruction;
import org.bpfdump.asm.Register;

/** Which register an atomic access changes. */
final class Changes {
  private Changes() {}

  /** The register; null for none. */
  static Register of(Instruction.Atomic atomic) {
    return switch (atomic.operation()) {
      case FETCH_ADD, FETCH_OR, FETCH_AND, FETCH_XOR, XCHG -> atomic.src();
      case CMPXCHG -> Register.R0;
      case LOAD_ACQUIRE -> atomic.dst();
      case ADD, OR, AND, XOR, STORE_RELEASE -> null;
    };
  }
}
