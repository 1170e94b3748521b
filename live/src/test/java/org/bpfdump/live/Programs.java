// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.bpfdump.asm.Code;
import org.bpfdump.spec.ProgramSpec;

/** Programs made by hand, without an object file. */
final class Programs {
  private static final int SEQ_WRITE = 127;

  /** What one call of seq_write can take from the stack. */
  static final int STACK = 512;

  private Programs() {}

  /** Writes the letter A for each object of the target, and once at the end. */
  static ProgramSpec letterForEach(String target) {
    return letterForEach(target, 'A');
  }

  /** The same with this letter. */
  static ProgramSpec letterForEach(String target, char letter) {
    long[] code = new long[7];
    code[0] = Code.slot(0x79, 6, 1, 0, 0); // r6 = ctx->meta
    code[1] = Code.slot(0x79, 1, 6, 0, 0); // r1 = meta->seq
    code[2] = Code.slot(0x7a, 10, 0, -8, letter); // *(u64 *)(r10 - 8) = letter
    code[3] = Code.slot(0xbf, 2, 10, 0, 0); // r2 = r10
    code[4] = Code.slot(0x07, 2, 0, 0, -8); // r2 -= 8
    code[5] = Code.slot(0xb7, 3, 0, 0, 1); // r3 = 1
    code[6] = Code.slot(0x85, 0, 0, 0, SEQ_WRITE); // call seq_write
    return program(target, code, 0);
  }

  /** Writes so many times 512 zero bytes for each object, and at the end. */
  static ProgramSpec blocks(String target, int count) {
    long[] code = new long[1 + STACK / 8 + 5 * count];
    int n = 0;
    code[n++] = Code.slot(0x79, 6, 1, 0, 0); // r6 = ctx->meta
    for (int i = 8; i <= STACK; i += 8) {
      code[n++] = Code.slot(0x7a, 10, 0, -i, 0); // *(u64 *)(r10 - i) = 0
    }
    for (int i = 0; i < count; i++) {
      code[n++] = Code.slot(0x79, 1, 6, 0, 0); // r1 = meta->seq
      code[n++] = Code.slot(0xbf, 2, 10, 0, 0); // r2 = r10
      code[n++] = Code.slot(0x07, 2, 0, 0, -STACK); // r2 -= 512
      code[n++] = Code.slot(0xb7, 3, 0, 0, STACK); // r3 = 512
      code[n++] = Code.slot(0x85, 0, 0, 0, SEQ_WRITE); // call seq_write
    }
    return program(target, code, 0);
  }

  /** Writes nothing and returns this. */
  static ProgramSpec returning(String target, int value) {
    return program(target, new long[0], value);
  }

  /** Calls a helper with nothing. */
  static ProgramSpec calling(String target, int helper) {
    return program(target, new long[] {Code.slot(0x85, 0, 0, 0, helper)}, 0);
  }

  private static ProgramSpec program(String target, long[] body, int result) {
    long[] code = java.util.Arrays.copyOf(body, body.length + 2);
    code[body.length] = Code.slot(0xb7, 0, 0, 0, result); // r0 = result
    code[body.length + 1] = Code.slot(0x95, 0, 0, 0, 0); // exit
    return of(target, Code.of(code));
  }

  /** A program of this code. */
  static ProgramSpec of(String target, Code code) {
    return new ProgramSpec(
        "by_hand",
        "",
        Optional.of(target),
        false,
        true,
        "GPL",
        ByteOrder.nativeOrder(),
        code,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty());
  }
}
