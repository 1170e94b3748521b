// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import static org.bpfdump.asm.Register.R0;
import static org.bpfdump.asm.Register.R1;
import static org.bpfdump.asm.Register.R10;
import static org.bpfdump.asm.Register.R2;
import static org.bpfdump.asm.Register.R3;

import java.util.List;
import org.bpfdump.asm.Arithmetic;
import org.bpfdump.asm.Assembler;
import org.bpfdump.asm.Condition;
import org.bpfdump.asm.Instruction;
import org.bpfdump.asm.Register;
import org.bpfdump.asm.Size;
import org.bpfdump.query.plan.Cell;
import org.bpfdump.query.plan.Shown;
import org.bpfdump.query.plan.Type;
import org.bpfdump.query.plan.Value;

/** Code that writes cells which are numbers. */
final class NumberCells {
  private static final int NANOSECONDS = 1_000_000_000;

  private final Emission out;
  private final Assembler asm;
  private final Values values;
  private final Printing printing;
  private final NamedNumbers named;

  NumberCells(Emission out, Values values, Printing printing) {
    this.out = out;
    this.asm = out.asm;
    this.values = values;
    this.printing = printing;
    this.named = new NamedNumbers(out, printing);
  }

  /** Whether a cell is written with its blanks and with what follows it. */
  boolean whole(Shown shown) {
    return switch (shown) {
      case Shown.Flags _, Shown.Ipv4 _ -> false;
      case Shown.Decimal _,
          Shown.Hexadecimal _,
          Shown.Hexdump _,
          Shown.Truth _,
          Shown.Letter _,
          Shown.Enumerators _,
          Shown.Port _,
          Shown.Ipv6 _,
          Shown.User _,
          Shown.Duration _ ->
          true;
    };
  }

  /** Writes a cell; where it is whole, in this shape. */
  void write(Cell.Scalar cell, Lines.Shape shape, TextWriter.Ends ends) {
    Type.Int type =
        cell.value().type() instanceof Type.Int number ? number : new Type.Int(8, false, 0);
    int slot = out.frame.take();
    compute(cell.value(), slot, ends.none());
    switch (cell.shown()) {
      case Shown.Decimal _, Shown.User _, Shown.Ipv6 _ ->
          number(slot, shape, type.signed() ? "ld" : "lu", ends);
      case Shown.Hexadecimal _, Shown.Hexdump _ -> {
        cut(slot, type);
        int rest = Math.max(0, shape.width() - 2);
        Lines.Shape digits = new Lines.Shape(rest, false, "");
        String format = "0x" + Printing.conversion(digits, "lx") + shape.after();
        printing.format(format, 1, slot, ends.failed());
      }
      case Shown.Truth _ -> truth(slot, shape, ends);
      case Shown.Letter _ -> letter(slot, shape, ends);
      case Shown.Enumerators enumerators ->
          named.one(enumerators.values(), type.signed(), slot, shape, ends);
      case Shown.Flags flags -> {
        cut(slot, type);
        named.several(flags.bits(), slot, ends);
      }
      case Shown.Port _ -> {
        asm.load(Size.DOUBLE, R0, R10, slot)
            .add(new Instruction.ByteSwap(Instruction.ByteSwap.Order.BIG, 16, R0))
            .store(Size.DOUBLE, R10, slot, R0);
        number(slot, shape, "lu", ends);
      }
      case Shown.Ipv4 _ -> ipv4(slot, ends);
      case Shown.Duration _ -> duration(slot, type.signed(), shape, ends);
    }
    out.frame.release(slot);
  }

  /** The value into a slot, as a number whatever it was. */
  private void compute(Value value, int slot, Assembler.Label none) {
    Register result = R0;
    if (value instanceof Value.ContextPointer given && out.held.containsKey(given.offset())) {
      result = out.held.get(given.offset());
    } else {
      values.compute(value, R0, TextWriter.scratchBut(R0), none);
    }
    asm.store(Size.DOUBLE, R10, slot, result);
    if (out.facts.address(value)) {
      out.launder(slot, R1);
    }
  }

  private void number(int slot, Lines.Shape shape, String kind, TextWriter.Ends ends) {
    printing.format(Printing.conversion(shape, kind) + shape.after(), 1, slot, ends.failed());
  }

  /** Takes the copies of its sign from a number. */
  private void cut(int slot, Type.Int type) {
    if (type.signed() && type.bytes() < 8) {
      asm.load(Size.DOUBLE, R0, R10, slot);
      out.normalise(R0, new Type.Int(type.bytes(), false, 0));
      asm.store(Size.DOUBLE, R10, slot, R0);
    }
  }

  private void truth(int slot, Lines.Shape shape, TextWriter.Ends ends) {
    Assembler.Label no = asm.label();
    Assembler.Label write = asm.label();
    asm.load(Size.DOUBLE, R0, R10, slot).jumpIf(Condition.EQ, R0, 0, no);
    for (String word : List.of("true", "false")) {
      String text = shape.cell(word);
      printing.point(R2, text);
      asm.move(R3, Phrases.length(text));
      if (word.equals("true")) {
        asm.jump(write).place(no);
      }
    }
    asm.place(write);
    printing.write(ends.failed());
  }

  /** One byte and what follows it, put together on the stack. */
  private void letter(int slot, Lines.Shape shape, TextWriter.Ends ends) {
    Assembler.Label odd = asm.label();
    Assembler.Label write = asm.label();
    byte[] rest = shape.cell("?").substring(1).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    int size = 1 + rest.length;
    int text = out.frame.take(size);
    asm.load(Size.DOUBLE, R0, R10, slot)
        .alu(Arithmetic.AND, R0, 0xFF)
        .jumpIf(Condition.LT, R0, ' ', odd)
        .jumpIf(Condition.LT, R0, 0x7F, write)
        .place(odd)
        .move(R0, '?')
        .place(write)
        .store(Size.BYTE, R10, text, R0);
    for (int i = 0; i < rest.length; i++) {
      asm.store(Size.BYTE, R10, text + 1 + i, rest[i]);
    }
    out.stackAddress(R2, text);
    asm.move(R3, size);
    printing.write(ends.failed());
    out.frame.release(text, size);
  }

  private void ipv4(int slot, TextWriter.Ends ends) {
    // The four bytes first in their slot, whatever the order of the machine's.
    asm.load(Size.DOUBLE, R0, R10, slot).store(Size.WORD, R10, slot, R0);
    int pointer = out.frame.take();
    out.stackAddress(R0, slot);
    asm.store(Size.DOUBLE, R10, pointer, R0);
    out.launder(pointer, R1);
    printing.format("%pI4", 1, pointer, ends.failed());
    out.frame.release(pointer);
  }

  /** Seconds with three digits after the point. */
  private void duration(int slot, boolean signed, Lines.Shape shape, TextWriter.Ends ends) {
    int both = out.frame.take(16);
    Lines.Shape whole = new Lines.Shape(Math.max(0, shape.width() - 4), shape.right(), "");
    Assembler.Label done = asm.label();
    asm.load(Size.DOUBLE, R0, R10, slot);
    if (signed) {
      Assembler.Label positive = asm.label();
      asm.jumpIf(Condition.SIGNED_GE, R0, 0, positive).add(new Instruction.Negate(true, R0));
      divide(both);
      printing.format("-%ld.%03ld" + shape.after(), 2, both, ends.failed());
      asm.jump(done).place(positive);
    }
    divide(both);
    String format = Printing.conversion(whole, "lu") + ".%03lu" + shape.after();
    printing.format(format, 2, both, ends.failed());
    asm.place(done);
    out.frame.release(both, 16);
  }

  /** R0 into seconds and milliseconds. */
  private void divide(int both) {
    asm.move(R1, R0)
        .alu(Arithmetic.DIV, R1, NANOSECONDS)
        .store(Size.DOUBLE, R10, both, R1)
        .alu(Arithmetic.MOD, R0, NANOSECONDS)
        .alu(Arithmetic.DIV, R0, 1_000_000)
        .store(Size.DOUBLE, R10, both + 8, R0);
  }
}
