// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.util.Arrays;
import org.bpfdump.asm.Register;

/** What registers and the function's own stack may hold before an instruction, as sets of kinds. */
final class ContextState {
  /** The program's context. */
  static final int CONTEXT = 1;

  /** Something computed from it. */
  static final int MOVED = 2;

  /** A pointer into a stack. */
  static final int STACK = 4;

  static final int OTHER = 8;
  static final int ANY = CONTEXT | MOVED | STACK | OTHER;

  private static final int REGISTERS = 12;
  private static final int STACK_BYTES = 512;

  private final byte[] kinds;

  private ContextState() {
    kinds = new byte[REGISTERS + STACK_BYTES / 8];
    kinds[Register.R10.number()] = STACK;
  }

  ContextState(ContextState copied) {
    kinds = copied.kinds.clone();
  }

  /** At the start of a function with this in R1, and this in the other registers of arguments. */
  static ContextState atEntry(int first, int rest) {
    ContextState state = new ContextState();
    Arrays.fill(state.kinds, 2, 6, (byte) rest);
    state.kinds[1] = (byte) first;
    return state;
  }

  /** At the start of a function that is called from here. */
  ContextState called() {
    ContextState state = new ContextState();
    System.arraycopy(kinds, 1, state.kinds, 1, 5);
    return state;
  }

  /** What comes of calculating with these. */
  static int computed(int kinds) {
    int result = (kinds & STACK) | OTHER;
    return (kinds & (CONTEXT | MOVED)) == 0 ? result : result | MOVED;
  }

  int get(Register register) {
    return kinds[register.number()];
  }

  void set(Register register, int kind) {
    kinds[register.number()] = (byte) kind;
  }

  void afterCall(int result) {
    Arrays.fill(kinds, 1, 6, (byte) 0);
    kinds[0] = (byte) result;
  }

  /** What is on the stack there; negative when that is no place for a pointer. */
  int spilled(int offset) {
    return offset % 8 == 0 && offset < 0 && offset >= -STACK_BYTES ? kinds[place(offset)] : -1;
  }

  void spill(int offset, int size, int kind) {
    for (int at = Math.floorDiv(offset, 8) * 8; at < offset + size; at += 8) {
      if (at < 0 && at >= -STACK_BYTES) {
        kinds[place(at)] = (byte) kind;
      }
    }
  }

  private static int place(int offset) {
    return REGISTERS + (offset + STACK_BYTES) / 8;
  }

  /** Takes in what may also be; whether that is anything new. */
  boolean join(ContextState other) {
    boolean changed = false;
    for (int i = 0; i < kinds.length; i++) {
      byte both = (byte) (kinds[i] | other.kinds[i]);
      changed |= both != kinds[i];
      kinds[i] = both;
    }
    return changed;
  }
}
