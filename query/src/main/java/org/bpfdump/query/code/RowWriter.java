// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import static org.bpfdump.asm.Register.R0;
import static org.bpfdump.asm.Register.R1;
import static org.bpfdump.asm.Register.R10;
import static org.bpfdump.asm.Register.R2;
import static org.bpfdump.asm.Register.R3;
import static org.bpfdump.query.code.Emission.CONTEXT;
import static org.bpfdump.query.code.Emission.NULLS;
import static org.bpfdump.query.code.Emission.SCRATCH;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.asm.Arithmetic;
import org.bpfdump.asm.Assembler;
import org.bpfdump.asm.Condition;
import org.bpfdump.asm.Register;
import org.bpfdump.asm.Size;
import org.bpfdump.query.plan.Cell;
import org.bpfdump.query.plan.Column;
import org.bpfdump.query.plan.Text;
import org.bpfdump.query.plan.Value;
import org.bpfdump.query.row.RowLayout;
import org.bpfdump.query.row.RowLayout.Slot;

/**
 * Code that writes a row.
 *
 * <p>The verifier follows both ways at each cell that can be NULL and stops where it has seen the
 * like. It must not be able to tell them apart by what they leave behind, or it would see twice as
 * many for each such cell: the NULL bits start from a number that it does not know to be 0, and a
 * slot of the stack is never written by one whole store whose value it would remember.
 */
final class RowWriter {
  private final Emission out;
  private final Assembler asm;
  private final Values values;
  private final Bytes bytes;
  private final LongTexts longTexts;
  private final Sink sink;
  private final Source source;

  RowWriter(
      Emission out, Values values, Bytes bytes, LongTexts longTexts, Sink sink, Source source) {
    this.out = out;
    this.asm = out.asm;
    this.values = values;
    this.bytes = bytes;
    this.longTexts = longTexts;
    this.sink = sink;
    this.source = source;
  }

  /** What a cell is computed from. */
  static List<Value> parts(Cell cell) {
    return switch (cell) {
      case Cell.Scalar scalar -> List.of(scalar.value());
      case Cell.Bytes whole -> Facts.parts(whole.place());
      case Cell.Address address -> {
        List<Value> parts = new ArrayList<>(Facts.parts(address.six()));
        parts.addFirst(address.four());
        yield parts;
      }
      case Cell.Characters characters -> Facts.parts(characters.text());
    };
  }

  /** Offset of the lower half of a word. */
  static int low(Emission out) {
    return out.kernel.order() == ByteOrder.LITTLE_ENDIAN ? 0 : 4;
  }

  /** Writes the upper half of a chunk's first word. */
  static void header(Assembler asm, Emission out, int kind) {
    asm.store(Size.WORD, R10, out.frame.chunk() + 4 - low(out), kind);
  }

  /** A whole row. */
  void write(List<Column> columns, RowLayout layout, Assembler.Label full) {
    source.begins(asm.slot(), Source.FRAME, "the row");
    sink.begin();
    for (int chunk = 0; chunk < layout.chunks().size(); chunk++) {
      chunk(columns, layout, chunk);
      source.begins(asm.slot(), Source.FRAME, "the row");
      out.stackAddress(R2, out.frame.chunk());
      asm.move(R3, layout.chunks().get(chunk));
      sink.write(full);
    }
    for (int i = 0; i < columns.size(); i++) {
      if (layout.cells().get(i) instanceof Slot.Variable
          && columns.get(i).cell() instanceof Cell.Characters(Text text)) {
        source.begins(asm.slot(), i, columns.get(i).text());
        text(text, full);
      }
    }
    source.begins(asm.slot(), Source.FRAME, "the row");
    sink.end();
  }

  private void text(Text text, Assembler.Label full) {
    Assembler.Label none = asm.label();
    Assembler.Label write = asm.label();
    longTexts.make(text, none);
    longTexts.room(R1);
    asm.store(Size.WORD, R1, LongTexts.LENGTH, R0)
        .move(R3, R0)
        .alu(Arithmetic.ADD, R3, 4)
        .jump(write);
    out.flush();
    asm.place(none);
    longTexts.room(R1);
    asm.store(Size.WORD, R1, LongTexts.LENGTH, -1).move(R3, 4).place(write);
    asm.move(R2, R1).alu(Arithmetic.ADD, R2, LongTexts.LENGTH);
    sink.write(full);
  }

  /** A column of a chunk. */
  private record Part(int column, Slot.Fixed slot, boolean nullable) {}

  private void chunk(List<Column> columns, RowLayout layout, int chunk) {
    List<Part> parts = new ArrayList<>();
    boolean nullable = false;
    for (int i = 0; i < columns.size(); i++) {
      if (layout.cells().get(i) instanceof Slot.Fixed slot && slot.chunk() == chunk) {
        Part part = new Part(i, slot, nullable(columns.get(i).cell()));
        parts.add(part);
        nullable |= part.nullable;
      }
    }
    parts.sort((a, b) -> Integer.compare(a.slot.offset(), b.slot.offset()));
    clear(parts, layout.chunks().get(chunk));
    if (nullable) {
      unknownZero(NULLS);
    }
    for (Part part : parts) {
      Column column = columns.get(part.column);
      source.begins(asm.slot(), part.column, column.text());
      cell(column.cell(), part);
    }
    source.begins(asm.slot(), Source.FRAME, "the row");
    if (!parts.isEmpty() && nullable) {
      Assembler.Label on = asm.label();
      asm.jump(on);
      out.flush();
      asm.place(on);
    }
    int at = out.frame.chunk() + low(out);
    if (nullable) {
      asm.store(Size.WORD, R10, at, NULLS);
    } else {
      asm.store(Size.WORD, R10, at, 0);
    }
    header(asm, out, chunk == 0 ? RowLayout.Kind.ROW.code() : 0);
  }

  /** A 0 of which the verifier does not know: the number of a pass is far below 2^63. */
  private void unknownZero(Register dst) {
    asm.load(Size.DOUBLE, dst, CONTEXT, 0)
        .load(Size.DOUBLE, dst, dst, Generator.SESSION)
        .alu(Arithmetic.RSH, dst, 63);
  }

  private boolean nullable(Cell cell) {
    return switch (cell) {
      case Cell.Scalar scalar -> out.facts.nullable(scalar.value());
      case Cell.Bytes whole ->
          !out.facts.direct(whole.place()) || out.facts.nullable(whole.place());
      case Cell.Address address ->
          out.facts.nullable(address.four())
              && (!out.facts.direct(address.six()) || out.facts.nullable(address.six()));
      case Cell.Characters characters -> out.facts.nullable(characters.text());
    };
  }

  /** Zeroes what no cell is sure to write. */
  private void clear(List<Part> parts, int size) {
    boolean[] written = new boolean[size];
    for (Part part : parts) {
      for (int i = 0; i < part.slot.bytes() && !part.nullable; i++) {
        written[part.slot.offset() + i] = true;
      }
    }
    for (int word = 8; word < size; word += 8) {
      boolean whole = true;
      for (int i = word; i < word + 8; i++) {
        whole &= written[i];
      }
      if (!whole) {
        asm.store(Size.DOUBLE, R10, out.frame.chunk() + word, 0);
      }
    }
  }

  private void cell(Cell cell, Part part) {
    Assembler.Label none = asm.label();
    int at = out.frame.chunk() + part.slot.offset();
    int length = part.slot.bytes();
    switch (cell) {
      case Cell.Scalar scalar -> scalar(scalar.value(), at, part, none);
      case Cell.Bytes whole -> bytes.toStack(whole.place(), length, at, none);
      case Cell.Address address -> address(address, at, none);
      case Cell.Characters(Text text) -> {
        switch (text) {
          case Text.CharArray array -> bytes.toStack(array.place(), length, at, none);
          case Text.StringAt string -> {
            out.move(R3, values.base(string.pointer(), R3, SCRATCH & ~Emission.bit(R3), none));
            out.stackAddress(R1, at);
            asm.move(R2, length)
                .call(Emission.PROBE_READ_STRING)
                .jumpIf(Condition.SIGNED_LT, R0, 0, none);
          }
          case Text.Literal literal ->
              bytes.write(R10, at, literal.value().getBytes(StandardCharsets.UTF_8));
          case Text.PathOf _, Text.SymbolAt _, Text.Choice _, Text.Counted _, Text.Joined _ ->
              throw new IllegalStateException("such a text is in no chunk");
        }
      }
    }
    if (part.nullable) {
      Assembler.Label on = out.here();
      out.later(() -> asm.place(none).alu(Arithmetic.OR, NULLS, 1 << part.slot.bit()).jump(on));
    }
  }

  /** The byte that says how long the address is stands where the verifier forgets its value. */
  private void address(Cell.Address address, int at, Assembler.Label none) {
    Assembler.Label six = asm.label();
    Assembler.Label done = asm.label();
    int length = at + RowLayout.ADDRESS_LENGTH_AT;
    values.computeCut(address.four(), R0, SCRATCH & ~Emission.bit(R0), six);
    asm.store(Size.WORD, R10, at, R0)
        .store(Size.BYTE, R10, at + 7, 0)
        .store(Size.BYTE, R10, length, 4);
    if (out.facts.nullable(address.four())) {
      asm.jump(done).place(six);
      bytes.toStack(address.six(), 16, at, none);
      asm.store(Size.BYTE, R10, length, 16);
    }
    asm.place(done);
  }

  private void scalar(Value value, int at, Part part, Assembler.Label none) {
    int length = part.slot.bytes();
    Register result = R0;
    if (value instanceof Value.ContextPointer given && out.held.containsKey(given.offset())) {
      result = out.held.get(given.offset());
    } else {
      values.computeCut(value, R0, SCRATCH & ~Emission.bit(R0), none);
    }
    boolean branches = Facts.branches(value) && !out.facts.address(value);
    if (branches) {
      // Else it knows a 0 from a 1, and follows both to the end.
      unknownZero(R1);
      asm.alu(Arithmetic.OR, result, R1);
    }
    if (out.facts.address(value)) {
      asm.store(Size.DOUBLE, R10, at, result);
      out.launder(at, R1);
    } else if (!part.nullable && !branches) {
      asm.store(Size.ofBytes(length), R10, at, result);
    } else if (length == 8) {
      int low = low(out);
      asm.store(Size.WORD, R10, at + low, result)
          .alu(Arithmetic.RSH, result, 32)
          .store(Size.WORD, R10, at + 4 - low, result);
    } else {
      asm.store(Size.ofBytes(length), R10, at, result);
      if ((at & 7) == 0) {
        asm.store(Size.BYTE, R10, at + 7, 0);
      }
    }
  }
}
