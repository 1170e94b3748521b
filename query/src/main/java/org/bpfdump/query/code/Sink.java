// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import static org.bpfdump.asm.Register.R0;
import static org.bpfdump.asm.Register.R1;
import static org.bpfdump.asm.Register.R10;
import static org.bpfdump.asm.Register.R2;
import static org.bpfdump.asm.Register.R3;
import static org.bpfdump.asm.Register.R4;
import static org.bpfdump.asm.Register.R5;

import org.bpfdump.asm.Arithmetic;
import org.bpfdump.asm.Assembler;
import org.bpfdump.asm.Condition;
import org.bpfdump.asm.Register;
import org.bpfdump.asm.Size;
import org.bpfdump.query.row.Collected;

/** Where a program puts its records, piece by piece. */
sealed interface Sink {
  /** Before the pieces of a row. */
  void begin();

  /** Adds R3 bytes from where R2 points; goes away when they do not fit. */
  void write(Assembler.Label full);

  /** After the pieces of a row. */
  void end();

  /** The kernel's buffer. What does not fit there the kernel drops whole and asks for again. */
  record Stream(Emission out) implements Sink {
    private static final int SEQ_WRITE = 127;

    @Override
    public void begin() {}

    @Override
    public void write(Assembler.Label full) {
      out.asm
          .load(Size.DOUBLE, R1, Emission.CONTEXT, 0)
          .load(Size.DOUBLE, R1, R1, 0)
          .call(SEQ_WRITE)
          .jumpIf(Condition.NE, R0, 0, full);
    }

    @Override
    public void end() {}
  }

  /** The value of a map, for targets that cannot be read buffer by buffer. */
  record Collection(Emission out, int map, int capacity, int cursor) implements Sink {
    /** A chunk or a text is no longer than that. */
    private static final int PIECE = 4 + LongTexts.LONGEST;

    @Override
    public void begin() {
      out.mapValue(R1, map);
      out.asm.load(Size.DOUBLE, R1, R1, Collected.USED).store(Size.DOUBLE, R10, cursor, R1);
    }

    @Override
    public void write(Assembler.Label full) {
      Register at = R4;
      out.asm
          .load(Size.DOUBLE, at, R10, cursor)
          .jumpIf(Condition.GT, at, capacity - Collected.ROWS_AT - PIECE, full)
          .move(R5, R2);
      out.mapValue(R1, map);
      out.asm
          .alu(Arithmetic.ADD, R1, at)
          .alu(Arithmetic.ADD, R1, Collected.ROWS_AT)
          .alu(Arithmetic.ADD, at, R3)
          .store(Size.DOUBLE, R10, cursor, at)
          .move(R2, R3)
          .move(R3, R5)
          .call(Emission.PROBE_READ);
    }

    @Override
    public void end() {
      out.mapValue(R1, map);
      out.asm.load(Size.DOUBLE, R2, R10, cursor).store(Size.DOUBLE, R1, Collected.USED, R2);
      count(Collected.ROWS);
    }

    /** Adds one to a number before the rows; R1 points at the map's value. */
    void count(int offset) {
      out.asm
          .load(Size.DOUBLE, R2, R1, offset)
          .alu(Arithmetic.ADD, R2, 1)
          .store(Size.DOUBLE, R1, offset, R2);
    }

    /** Starts anew when this is another pass than the one before; R1 points at its meta data. */
    void pass() {
      Assembler.Label same = out.asm.label();
      out.asm.load(Size.DOUBLE, R3, R1, Generator.SESSION);
      out.mapValue(R1, map);
      out.asm
          .load(Size.DOUBLE, R2, R1, Collected.PASS)
          .jumpIf(Condition.EQ, R2, R3, same)
          .store(Size.DOUBLE, R1, Collected.PASS, R3)
          .store(Size.DOUBLE, R1, Collected.USED, 0)
          .store(Size.DOUBLE, R1, Collected.ROWS, 0)
          .store(Size.DOUBLE, R1, Collected.VISITED, 0)
          .store(Size.DOUBLE, R1, Collected.MISSED, 0)
          .place(same);
      count(Collected.VISITED);
    }
  }
}
