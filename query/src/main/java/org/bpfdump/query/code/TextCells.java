// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import static org.bpfdump.asm.Register.R0;
import static org.bpfdump.asm.Register.R1;
import static org.bpfdump.asm.Register.R10;
import static org.bpfdump.asm.Register.R2;
import static org.bpfdump.asm.Register.R3;
import static org.bpfdump.asm.Register.R9;

import org.bpfdump.asm.Arithmetic;
import org.bpfdump.asm.Assembler;
import org.bpfdump.asm.Condition;
import org.bpfdump.asm.Instruction;
import org.bpfdump.asm.Size;
import org.bpfdump.query.plan.Cell;
import org.bpfdump.query.plan.Shown;
import org.bpfdump.query.plan.Text;
import org.bpfdump.query.row.RowLayout;

/** Code that writes cells which are texts or bytes. */
final class TextCells {
  private final Emission out;
  private final Assembler asm;
  private final Values values;
  private final Bytes bytes;
  private final LongTexts longTexts;
  private final Printing printing;
  private final Controls controls;

  TextCells(Emission out, Values values, Bytes bytes, LongTexts longTexts, Printing printing) {
    this.out = out;
    this.asm = out.asm;
    this.values = values;
    this.bytes = bytes;
    this.longTexts = longTexts;
    this.printing = printing;
    this.controls = new Controls(asm);
  }

  /** Whether a text is made in the room that a map has. */
  static boolean roomy(Text text) {
    return switch (text) {
      case Text.CharArray array -> array.length() > RowLayout.LONGEST_INLINE;
      case Text.StringAt string -> string.max() > RowLayout.LONGEST_INLINE;
      case Text.PathOf _, Text.Choice _, Text.Counted _, Text.Joined _ -> true;
      case Text.SymbolAt _, Text.Literal _ -> false;
    };
  }

  /** Whether a cell is written with its blanks and with what follows it. */
  static boolean whole(Text text) {
    return !roomy(text);
  }

  /** Writes a text; where it is whole, in this shape. */
  void write(Text text, Lines.Shape shape, TextWriter.Ends ends) {
    if (roomy(text)) {
      inMap(text, ends);
      return;
    }
    switch (text) {
      case Text.CharArray(_, var place, int length) -> {
        int size = (length & ~7) + 8;
        int at = out.frame.take(size);
        bytes.toStack(place, length, at, ends.none());
        bytes.write(R10, at + length, new byte[size - length]);
        onStack(at, length, shape, ends);
        out.frame.release(at, size);
      }
      case Text.StringAt(_, var pointer, int max) -> {
        int size = (max + 7) & ~7;
        int at = out.frame.take(size);
        out.move(R3, values.base(pointer, R3, TextWriter.scratchBut(R3), ends.none()));
        out.stackAddress(R1, at);
        asm.move(R2, size)
            .call(Emission.PROBE_READ_STRING)
            .jumpIf(Condition.SIGNED_LT, R0, 0, ends.none());
        onStack(at, size, shape, ends);
        out.frame.release(at, size);
      }
      case Text.SymbolAt(_, var address) -> {
        values.compute(address, R1, TextWriter.scratchBut(R1), ends.none());
        asm.jumpIf(Condition.EQ, R1, 0, ends.none());
        int slot = out.spill(R1);
        if (out.facts.address(address)) {
          out.launder(slot, R2);
        }
        format(Printing.conversion(shape, "ps") + shape.after(), slot, ends);
        out.frame.release(slot);
      }
      case Text.Literal(_, String value) ->
          printing.phrase(shape.cell(Lines.clean(value)), ends.failed());
      case Text.PathOf _, Text.Choice _, Text.Counted _, Text.Joined _ ->
          throw new IllegalStateException("needs a map");
    }
  }

  private void format(String format, int slot, TextWriter.Ends ends) {
    printing.format(format, 1, slot, ends.failed());
  }

  private void onStack(int at, int length, Lines.Shape shape, TextWriter.Ends ends) {
    for (int i = 0; i < length; i += 8) {
      controls.replace(R10, at + i);
    }
    int pointer = pointer(at);
    format(Printing.conversion(shape, "s") + shape.after(), pointer, ends);
    out.frame.release(pointer);
  }

  /** A slot with an address in the stack, as a number. */
  private int pointer(int at) {
    int slot = out.frame.take();
    out.stackAddress(R0, at);
    asm.store(Size.DOUBLE, R10, slot, R0);
    out.launder(slot, R1);
    return slot;
  }

  /** A text of any length; what is behind its end in the room does not matter. */
  private void inMap(Text text, TextWriter.Ends ends) {
    int longest =
        switch (text) {
          case Text.CharArray array -> array.length();
          case Text.StringAt string -> string.max() - 1;
          case Text.Counted counted -> counted.max() - 1;
          case Text.PathOf _, Text.SymbolAt _, Text.Choice _, Text.Joined _, Text.Literal _ ->
              LongTexts.LONGEST;
        };
    longest = Math.min(longest, LongTexts.LONGEST);
    longTexts.make(text, ends.none());
    int length = out.spill(R0);
    Assembler.Label done = asm.label();
    asm.move(R9, 0);
    Assembler.Label top = out.here();
    asm.load(Size.DOUBLE, R0, R10, length).jumpIf(Condition.GE, R9, R0, done);
    longTexts.room(R1);
    asm.alu(Arithmetic.ADD, R1, R9);
    controls.replace(R1, LongTexts.DATA);
    asm.alu(Arithmetic.ADD, R9, 8).jumpIf(Condition.LT, R9, longest, top).place(done);
    longTexts.room(R2);
    asm.alu(Arithmetic.ADD, R2, LongTexts.DATA);
    out.fill(R3, length);
    // Older verifiers have forgotten how long it is.
    asm.jumpIf(Condition.GT, R3, LongTexts.LONGEST, ends.none());
    printing.write(ends.failed());
  }

  /** Writes bytes. */
  void write(Cell.Bytes cell, TextWriter.Ends ends) {
    int size = (cell.length() + 7) & ~7;
    int at = out.frame.take(size);
    bytes.toStack(cell.place(), cell.length(), at, ends.none());
    if (cell.length() < size) {
      bytes.write(R10, at + cell.length(), new byte[size - cell.length()]);
    }
    boolean four = cell.shown() instanceof Shown.Ipv4 && cell.length() == 4;
    boolean sixteen = cell.shown() instanceof Shown.Ipv6 && cell.length() == 16;
    if (four || sixteen) {
      int pointer = pointer(at);
      format(four ? "%pI4" : "%pI6", pointer, ends);
      out.frame.release(pointer);
    } else {
      digits(at, cell.length(), ends);
    }
    out.frame.release(at, size);
  }

  /** Two digits a byte. */
  private void digits(int at, int length, TextWriter.Ends ends) {
    StringBuilder format = new StringBuilder();
    int first = 0;
    for (int i = 0; i < length; i += 8) {
      int some = Math.min(8, length - i);
      asm.load(Size.DOUBLE, R0, R10, at + i)
          .add(new Instruction.ByteSwap(Instruction.ByteSwap.Order.BIG, 64, R0));
      if (some < 8) {
        asm.alu(Arithmetic.RSH, R0, 64 - 8 * some);
      }
      asm.store(Size.DOUBLE, R10, at + i, R0);
      format.append("%0").append(2 * some).append("lx");
      int count = i / 8 - first + 1;
      if (count == Printing.MOST || some + i == length) {
        printing.format(format.toString(), count, at + 8 * first, ends.failed());
        first += count;
        format.setLength(0);
      }
    }
  }
}
