// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import static org.bpfdump.asm.Register.R0;
import static org.bpfdump.asm.Register.R1;
import static org.bpfdump.asm.Register.R10;
import static org.bpfdump.asm.Register.R2;
import static org.bpfdump.asm.Register.R3;
import static org.bpfdump.asm.Register.R4;
import static org.bpfdump.asm.Register.R5;
import static org.bpfdump.query.code.Emission.bit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bpfdump.asm.Arithmetic;
import org.bpfdump.asm.Assembler;
import org.bpfdump.asm.Condition;
import org.bpfdump.asm.Size;
import org.bpfdump.btf.BtfType;

/** Code that writes names for numbers. */
final class NamedNumbers {
  private final Emission out;
  private final Assembler asm;
  private final Printing printing;

  NamedNumbers(Emission out, Printing printing) {
    this.out = out;
    this.asm = out.asm;
    this.printing = printing;
  }

  /** A name of a number in a slot, found by halving, or the number. */
  void one(
      List<BtfType.Enumerator> enumerators,
      boolean signed,
      int slot,
      Lines.Shape shape,
      TextWriter.Ends ends) {
    Map<Long, String> names =
        new TreeMap<>(signed ? Comparator.naturalOrder() : Long::compareUnsigned);
    for (BtfType.Enumerator enumerator : enumerators) {
      names.putIfAbsent(enumerator.value(), enumerator.name());
    }
    Assembler.Label unknown = asm.label();
    Assembler.Label write = asm.label();
    Assembler.Label done = asm.label();
    asm.load(Size.DOUBLE, R0, R10, slot);
    Search search = new Search(List.copyOf(names.entrySet()), signed, shape, unknown, write);
    choose(search, 0, names.size());
    asm.place(unknown);
    String format = Printing.conversion(shape, signed ? "ld" : "lu") + shape.after();
    printing.format(format, 1, slot, ends.failed());
    asm.jump(done).place(write);
    printing.write(ends.failed());
    asm.place(done);
  }

  private record Search(
      List<Map.Entry<Long, String>> names,
      boolean signed,
      Lines.Shape shape,
      Assembler.Label unknown,
      Assembler.Label write) {}

  private void choose(Search search, int from, int to) {
    if (to - from > 1) {
      int middle = (from + to) >>> 1;
      Assembler.Label above = asm.label();
      Condition condition = search.signed ? Condition.SIGNED_GE : Condition.GE;
      out.jumpIf(condition, R0, search.names.get(middle).getKey(), bit(R1), above);
      choose(search, from, middle);
      asm.place(above);
      choose(search, middle, to);
      return;
    }
    out.jumpIf(Condition.NE, R0, search.names.get(from).getKey(), bit(R1), search.unknown);
    String text = search.shape.cell(search.names.get(from).getValue());
    printing.point(R2, text);
    asm.move(R3, Phrases.length(text)).jump(search.write);
  }

  /** Names of the bits of a number in a slot, and what is left of it. */
  void several(List<BtfType.Enumerator> bits, int slot, TextWriter.Ends ends) {
    int left = out.frame.take();
    asm.load(Size.DOUBLE, R4, R10, slot);
    keep(left);
    List<BtfType.Enumerator> some = new ArrayList<>(bits);
    some.removeIf(bit -> bit.value() == 0);
    for (BtfType.Enumerator bit : some) {
      flag(bit, slot, left, ends.failed());
    }
    Assembler.Label rest = asm.label();
    Assembler.Label more = asm.label();
    Assembler.Label done = asm.label();
    asm.load(Size.DOUBLE, R1, R10, slot)
        .load(Size.DOUBLE, R2, R10, left)
        .jumpIf(Condition.NE, R2, 0, rest)
        .jumpIf(Condition.NE, R1, 0, done);
    printing.phrase("0", ends.failed());
    asm.jump(done).place(rest).jumpIf(Condition.NE, R1, R2, more);
    printing.format("0x%lx", 1, left, ends.failed());
    asm.jump(done).place(more);
    printing.format("|0x%lx", 1, left, ends.failed());
    asm.place(done);
    out.frame.release(left);
  }

  private void flag(BtfType.Enumerator bit, int slot, int left, Assembler.Label failed) {
    Assembler.Label next = asm.label();
    Assembler.Label write = asm.label();
    String text = "|" + bit.name();
    asm.load(Size.DOUBLE, R1, R10, slot)
        .move(R0, bit.value())
        .move(R2, R1)
        .alu(Arithmetic.AND, R2, R0)
        .jumpIf(Condition.NE, R2, R0, next)
        .load(Size.DOUBLE, R5, R10, left)
        .alu(Arithmetic.XOR, R0, -1)
        .move(R4, R5)
        .alu(Arithmetic.AND, R4, R0);
    keep(left);
    // While nothing is gone from what is left, no name was written.
    printing.point(R2, text);
    asm.move(R3, Phrases.length(text))
        .jumpIf(Condition.NE, R5, R1, write)
        .alu(Arithmetic.ADD, R2, 1)
        .alu(Arithmetic.SUB, R3, 1)
        .place(write);
    printing.write(failed);
    asm.place(next);
  }

  /**
   * R4 into a slot in halves: the verifier forgets what it knew of it, and sees the same after each
   * name whether it was written or not.
   */
  private void keep(int slot) {
    int low = RowWriter.low(out);
    asm.store(Size.WORD, R10, slot + low, R4)
        .alu(Arithmetic.RSH, R4, 32)
        .store(Size.WORD, R10, slot + 4 - low, R4);
  }
}
