// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import static org.bpfdump.asm.Register.R0;
import static org.bpfdump.asm.Register.R1;
import static org.bpfdump.asm.Register.R2;
import static org.bpfdump.asm.Register.R3;
import static org.bpfdump.asm.Register.R4;
import static org.bpfdump.asm.Register.R5;
import static org.bpfdump.query.code.Emission.CONTEXT;

import org.bpfdump.asm.Assembler;
import org.bpfdump.asm.Condition;
import org.bpfdump.asm.Register;
import org.bpfdump.asm.Size;

/** Code that puts text into the kernel's buffer. Each call loses R0 to R5. */
final class Printing {
  /** The helper's error when the buffer is full. */
  static final int OVERFLOW = -75;

  /** Numbers that one call of the helper takes. */
  static final int MOST = 12;

  private static final int SEQ_PRINTF = 126;
  private static final int SEQ_WRITE = 127;

  private final Emission out;
  private final Assembler asm;
  private final ProgramMaps maps;

  Printing(Emission out, ProgramMaps maps) {
    this.out = out;
    this.asm = out.asm;
    this.maps = maps;
  }

  /** Writes constant text. */
  void phrase(String phrase, Assembler.Label failed) {
    point(R2, phrase);
    asm.move(R3, Phrases.length(phrase));
    write(failed);
  }

  /** {@code dst =} where a phrase is. */
  void point(Register dst, String phrase) {
    out.mapValue(dst, maps.phrases(), maps.words().at(phrase));
  }

  /** Writes R3 blanks, at least 1 and at most {@link Phrases#MOST_BLANKS}. */
  void blanks(Assembler.Label failed) {
    out.mapValue(R2, maps.phrases(), maps.words().blanks());
    write(failed);
  }

  /** Writes R3 bytes from where R2 points. */
  void write(Assembler.Label failed) {
    asm.load(Size.DOUBLE, R1, CONTEXT, 0)
        .load(Size.DOUBLE, R1, R1, 0)
        .call(SEQ_WRITE)
        .jumpIf(Condition.NE, R0, 0, failed);
  }

  /**
   * Writes what a format makes of numbers.
   *
   * @param stack where they are, 8 bytes each, from R10
   */
  void format(String format, int numbers, int stack, Assembler.Label failed) {
    String ended = format + "\0";
    point(R2, ended);
    out.stackAddress(R4, stack);
    asm.move(R3, Phrases.length(ended))
        .move(R5, 8 * numbers)
        .load(Size.DOUBLE, R1, CONTEXT, 0)
        .load(Size.DOUBLE, R1, R1, 0)
        .call(SEQ_PRINTF)
        .jumpIf(Condition.NE, R0, 0, failed);
  }

  /** The conversion of a number: {@code %8lu}; of any other text: {@code %-8s}. */
  static String conversion(Lines.Shape shape, String kind) {
    return "%" + (shape.width() == 0 ? "" : (shape.right() ? "" : "-") + shape.width()) + kind;
  }
}
