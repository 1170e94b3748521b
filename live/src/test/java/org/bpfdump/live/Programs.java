// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.util.List;
import java.util.Optional;
import org.bpfdump.asm.Code;
import org.bpfdump.spec.ProgramSpec;

/** Programs made by hand, without an object file. */
final class Programs {
  private static final int SEQ_WRITE = 127;

  private Programs() {}

  /** Writes the letter A for each object of the target, and once at the end. */
  static ProgramSpec letterForEach(String target) {
    return letters(target, 1);
  }

  /** Writes this many bytes of the stack, at most 512, for each call. */
  static ProgramSpec letters(String target, int count) {
    long[] code = new long[512 / 8 + 8];
    int n = 0;
    code[n++] = Code.slot(0x79, 6, 1, 0, 0); // r6 = ctx->meta
    code[n++] = Code.slot(0x79, 1, 6, 0, 0); // r1 = meta->seq
    for (int i = 8; i <= (count + 7) / 8 * 8; i += 8) {
      code[n++] = Code.slot(0x7a, 10, 0, -i, 'A'); // *(u64 *)(r10 - i) = 'A'
    }
    code[n++] = Code.slot(0xbf, 2, 10, 0, 0); // r2 = r10
    code[n++] = Code.slot(0x07, 2, 0, 0, -(count + 7) / 8 * 8); // r2 -= size
    code[n++] = Code.slot(0xb7, 3, 0, 0, count); // r3 = count
    code[n++] = Code.slot(0x85, 0, 0, 0, SEQ_WRITE); // call seq_write
    return program(target, java.util.Arrays.copyOf(code, n), 0);
  }

  /** Writes nothing and returns this. */
  static ProgramSpec returning(String target, int value) {
    return program(target, new long[0], value);
  }

  private static ProgramSpec program(String target, long[] body, int result) {
    long[] code = java.util.Arrays.copyOf(body, body.length + 2);
    code[body.length] = Code.slot(0xb7, 0, 0, 0, result); // r0 = result
    code[body.length + 1] = Code.slot(0x95, 0, 0, 0, 0); // exit
    return new ProgramSpec(
        "by_hand",
        "",
        Optional.of(target),
        false,
        true,
        "GPL",
        Code.of(code),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty());
  }
}
