// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import static org.bpfdump.asm.Register.R0;
import static org.bpfdump.asm.Register.R1;
import static org.bpfdump.asm.Register.R10;
import static org.bpfdump.asm.Register.R2;
import static org.bpfdump.asm.Register.R3;
import static org.bpfdump.query.code.Emission.CONTEXT;
import static org.bpfdump.query.code.Emission.SCRATCH;

import java.util.List;
import org.bpfdump.asm.Arithmetic;
import org.bpfdump.asm.Assembler;
import org.bpfdump.asm.Condition;
import org.bpfdump.asm.Size;
import org.bpfdump.btf.BtfType;
import org.bpfdump.query.plan.Cell;
import org.bpfdump.query.plan.Column;
import org.bpfdump.query.plan.Shown;

/**
 * Code that writes a row as a line of text. Cells are written one by one, so that what the verifier
 * sees after each is the same whichever way the cell went.
 */
final class TextWriter {
  private final List<Column> columns;
  private final Lines lines;
  private final Printing printing;
  private final NumberCells numbers;
  private final TextCells texts;
  private final Source source;
  private final Emission out;
  private final Assembler asm;
  private final int count;

  TextWriter(
      List<Column> columns,
      Form form,
      Emission out,
      Values values,
      Bytes bytes,
      LongTexts longTexts,
      ProgramMaps maps,
      Source source) {
    this.columns = columns;
    this.lines = new Lines(columns, form);
    this.out = out;
    this.asm = out.asm;
    this.source = source;
    printing = new Printing(out, maps);
    numbers = new NumberCells(out, values, printing);
    texts = new TextCells(out, values, bytes, longTexts, printing);
    count = written(out);
  }

  /** Where {@code struct seq_file} says how much is in its buffer. */
  private static int written(Emission out) {
    for (var member : out.kernel.find("seq_file", BtfType.Struct.class).orElseThrow().members()) {
      if (member.name().equals("count")) {
        return member.bitOffset() / 8;
      }
    }
    throw new IllegalStateException("struct seq_file has no count");
  }

  /** Whether a row needs the room that a map has for long texts. */
  boolean rooms() {
    boolean rooms = false;
    for (Column column : columns) {
      rooms |= column.cell() instanceof Cell.Characters(var text) && TextCells.roomy(text);
    }
    return rooms;
  }

  /** Writes the header. */
  void header(Assembler.Label full) {
    printing.phrase(lines.header(), full);
  }

  /**
   * The call after the last object: the header, if no object brought it. The number of the last
   * object does not tell one from none, but one has its header in this buffer still.
   *
   * @param number offset of that number
   */
  void last(int number, Assembler.Label done) {
    asm.load(Size.DOUBLE, R1, CONTEXT, 0)
        .load(Size.DOUBLE, R2, R1, number)
        // Some targets count from -1.
        .alu(Arithmetic.ADD, R2, 1)
        .jumpIf(Condition.GT, R2, 1, done)
        .load(Size.DOUBLE, R1, R1, 0)
        .load(Size.DOUBLE, R2, R1, count)
        .jumpIf(Condition.NE, R2, 0, done);
    header(done);
  }

  /** A whole row; at {@code failed} R0 is what the helper returned that could not write. */
  void write(Assembler.Label failed) {
    int start = out.frame.take();
    for (int i = 0; i < columns.size(); i++) {
      source.begins(asm.slot(), i, columns.get(i).text());
      cell(columns.get(i).cell(), lines.shape(i), start, failed);
    }
    out.frame.release(start);
    source.begins(asm.slot(), Source.FRAME, "the row");
  }

  private void cell(Cell cell, Lines.Shape shape, int start, Assembler.Label failed) {
    Assembler.Label none = asm.label();
    Assembler.Label done = asm.label();
    boolean whole =
        switch (cell) {
          case Cell.Scalar scalar -> numbers.whole(scalar.shown());
          case Cell.Characters(var text) -> TextCells.whole(text);
          case Cell.Bytes _, Cell.Address _ -> false;
        };
    boolean pads = !whole && shape.width() > 0;
    if (pads) {
      asm.load(Size.DOUBLE, R1, CONTEXT, 0)
          .load(Size.DOUBLE, R1, R1, 0)
          .load(Size.DOUBLE, R0, R1, count)
          .store(Size.DOUBLE, R10, start, R0);
    }
    Lines.Shape inner = whole ? shape : new Lines.Shape(0, false, "");
    switch (cell) {
      case Cell.Scalar scalar -> numbers.write(scalar, inner, new Ends(none, failed));
      case Cell.Characters(var text) -> texts.write(text, inner, new Ends(none, failed));
      case Cell.Bytes octets -> texts.write(octets, new Ends(none, failed));
      case Cell.Address address -> address(address, inner, new Ends(none, failed));
    }
    if (whole) {
      asm.place(done);
      out.later(() -> {
        asm.place(none);
        printing.phrase(
            shape.width() == 0 || shape.after().equals("\n") ? shape.after() : shape.cell(""),
            failed);
        asm.jump(done);
      });
      return;
    }
    asm.place(none);
    if (!pads) {
      printing.phrase(shape.after(), failed);
      return;
    }
    asm.load(Size.DOUBLE, R1, CONTEXT, 0)
        .load(Size.DOUBLE, R1, R1, 0)
        .load(Size.DOUBLE, R2, R1, count)
        .load(Size.DOUBLE, R0, R10, start)
        .alu(Arithmetic.SUB, R2, R0)
        .move(R3, 1)
        .jumpIf(Condition.GE, R2, shape.width(), done)
        .move(R3, shape.width() + 1)
        .alu(Arithmetic.SUB, R3, R2)
        .place(done);
    printing.blanks(failed);
  }

  private void address(Cell.Address address, Lines.Shape shape, Ends ends) {
    Assembler.Label six = asm.label();
    Assembler.Label done = asm.label();
    boolean raw = address.shown() instanceof Shown.Hexdump;
    Shown four = raw ? address.shown() : new Shown.Ipv4();
    numbers.write(new Cell.Scalar(address.four(), four), shape, new Ends(six, ends.failed()));
    if (out.facts.nullable(address.four())) {
      asm.jump(done).place(six);
      texts.write(new Cell.Bytes(address.six(), 16, address.shown()), ends);
    }
    asm.place(done);
  }

  /** Where code goes on that cannot write a cell: there is none, or there is no room for it. */
  record Ends(Assembler.Label none, Assembler.Label failed) {}

  static int scratchBut(org.bpfdump.asm.Register register) {
    return SCRATCH & ~Emission.bit(register);
  }
}
