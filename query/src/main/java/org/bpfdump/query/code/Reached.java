// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import java.util.Arrays;
import org.bpfdump.asm.Code;
import org.bpfdump.asm.Instruction;

/**
 * Code without what can never be reached, which the verifier refuses to take, and without jumps to
 * what follows anyway. Which labels are used is only known when all code is there.
 */
final class Reached {
  private final long[] slots;
  private final boolean[] kept;

  /** Where each slot has gone, and one more for the end. */
  private final int[] moved;

  Reached(Code code) {
    slots = code.toArray();
    kept = new boolean[slots.length];
    moved = new int[slots.length + 1];
    follow(code);
    drop(code);
    for (int i = 0; i < slots.length; i++) {
      moved[i + 1] = moved[i] + (kept[i] ? 1 : 0);
    }
  }

  private void follow(Code code) {
    int[] waiting = new int[slots.length + 1];
    int count = 1;
    while (count > 0) {
      int at = waiting[--count];
      while (at < slots.length && !kept[at]) {
        Instruction instruction = Instruction.decode(code, at);
        Arrays.fill(kept, at, at + instruction.slots(), true);
        switch (instruction) {
          case Instruction.Exit _ -> at = slots.length;
          case Instruction.Jump(_, int offset) -> at += 1 + offset;
          case Instruction.JumpIf jump -> {
            waiting[count++] = at + 1 + jump.offset();
            at++;
          }
          default -> at += instruction.slots();
        }
      }
    }
  }

  /** Drops jumps over nothing; from the end, as one can be all that another jumps over. */
  private void drop(Code code) {
    for (int at = slots.length - 1; at >= 0; at--) {
      if (kept[at] && Instruction.decode(code, at) instanceof Instruction.Jump(_, int offset)) {
        boolean nothing = offset >= 0;
        for (int i = at + 1; i <= at + offset && nothing; i++) {
          nothing = !kept[i];
        }
        kept[at] = !nothing;
      }
    }
  }

  /** Whether a slot is still there. */
  boolean has(int slot) {
    return kept[slot];
  }

  /** Where a slot, or what followed it, is now. */
  int slot(int before) {
    return moved[before];
  }

  /** The code. */
  Code code() {
    long[] left = new long[moved[slots.length]];
    for (int at = 0; at < slots.length; at++) {
      if (!kept[at]) {
        continue;
      }
      long slot = slots[at];
      if (jumps(slot) && !secondHalf(at)) {
        int to = moved[at + 1 + Code.offset(slot)];
        slot = Code.withOffset(slot, to - moved[at] - 1);
      }
      left[moved[at]] = slot;
    }
    return Code.of(left);
  }

  private static boolean jumps(long slot) {
    int kind = Code.opcode(slot) & 7;
    int operation = Code.opcode(slot) & 0xF0;
    return (kind == 5 || kind == 6) && operation != 0x80 && operation != 0x90;
  }

  private boolean secondHalf(int at) {
    return at > 0 && Code.opcode(slots[at - 1]) == 0x18;
  }
}
