// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import static org.bpfdump.asm.Register.R0;
import static org.bpfdump.asm.Register.R1;
import static org.bpfdump.asm.Register.R10;
import static org.bpfdump.asm.Register.R2;
import static org.bpfdump.asm.Register.R3;
import static org.bpfdump.query.code.Emission.SCRATCH;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bpfdump.asm.Arithmetic;
import org.bpfdump.asm.Assembler;
import org.bpfdump.asm.Condition;
import org.bpfdump.asm.Register;
import org.bpfdump.asm.Size;
import org.bpfdump.query.plan.Place;
import org.bpfdump.query.plan.Text;
import org.bpfdump.query.plan.Value;
import org.bpfdump.query.plan.Value.TextTest.Likeness;
import org.bpfdump.query.row.RowLayout;

/** Code that asks what is in a text. Short ones are looked at in the stack, others in a map. */
final class Texts {
  private final Emission out;
  private final Assembler asm;
  private final Values values;
  private final Bytes bytes;
  private final LongTexts longTexts;

  Texts(Emission out, Values values, Bytes bytes, LongTexts longTexts) {
    this.out = out;
    this.asm = out.asm;
    this.values = values;
    this.bytes = bytes;
    this.longTexts = longTexts;
  }

  /** Whether a test needs the room that a map has. */
  static boolean scratch(Value.TextTest test) {
    boolean search = test.likeness() == Likeness.CONTAINS;
    int wanted = literal(test).length;
    return switch (test.text()) {
      case Text.Literal _ -> false;
      case Text.PathOf _, Text.SymbolAt _, Text.Choice _, Text.Counted _, Text.Joined _ -> true;
      case Text.CharArray(_, _, int length) ->
          (search ? length : wanted) > RowLayout.LONGEST_INLINE;
      case Text.StringAt(_, _, int max) -> (search ? max : wanted) > RowLayout.LONGEST_INLINE;
    };
  }

  private static byte[] literal(Value.TextTest test) {
    return test.literal().getBytes(StandardCharsets.UTF_8);
  }

  /** Decides a test; all of R0 to R5 must be free. */
  void decide(Value.TextTest test, Targets to) {
    byte[] literal = literal(test);
    if (scratch(test)) {
      inMap(test, literal, to);
      return;
    }
    switch (test.text()) {
      case Text.Literal(_, String value) -> {
        boolean holds =
            switch (test.likeness()) {
              case IS -> value.equals(test.literal());
              case BEGINS -> value.startsWith(test.literal());
              case CONTAINS -> value.contains(test.literal());
            };
        go(holds ? to.yes() : to.no(), to);
      }
      case Text.CharArray(_, Place place, int length) -> {
        switch (test.likeness()) {
          case IS -> {
            // The NUL after it counts, unless the array ends there.
            begins(place, literal.length < length ? ended(literal) : literal, length, to);
          }
          case BEGINS -> begins(place, literal, length, to);
          case CONTAINS -> {
            int stack = out.frame.take(length);
            bytes.toStack(place, length, stack, to.none());
            search(stack, length, literal, to);
            out.frame.release(stack, length);
          }
        }
      }
      case Text.StringAt(_, Value pointer, int max) -> string(pointer, max, test, literal, to);
      case Text.PathOf _, Text.SymbolAt _, Text.Choice _, Text.Counted _, Text.Joined _ ->
          throw new IllegalStateException("needs a map");
    }
  }

  /** Whether a text is made in the map even where only its beginning matters. */
  static boolean roomy(Text text) {
    return switch (text) {
      case Text.CharArray _, Text.StringAt _, Text.Literal _ -> false;
      case Text.PathOf _, Text.SymbolAt _, Text.Choice _, Text.Counted _, Text.Joined _ -> true;
    };
  }

  /**
   * Decides whether two texts are the same: both are put on the stack, as much of them as the
   * shorter one can have and a byte more, with zeroes behind. All of R0 to R5 must be free.
   */
  void decide(Value.TextSame same, Targets to) {
    int size = (same.most() + 2 + 7) & ~7;
    int left = out.frame.take(size);
    int right = out.frame.take(size);
    begin(same.left(), left, size, to.none());
    begin(same.right(), right, size, to.none());
    for (int at = 0; at < size; at += 8) {
      asm.load(Size.DOUBLE, R1, R10, left + at)
          .load(Size.DOUBLE, R2, R10, right + at)
          .jumpIf(Condition.NE, R1, R2, to.no());
    }
    out.frame.release(left, size);
    out.frame.release(right, size);
    go(to.yes(), to);
  }

  /** Copies the beginning of a text to the stack. */
  private void begin(Text text, int stack, int size, Assembler.Label none) {
    for (int at = 0; at < size; at += 8) {
      asm.store(Size.DOUBLE, R10, stack + at, 0);
    }
    int most = size;
    switch (text) {
      case Text.CharArray(_, Place place, int length) -> {
        values.address(place, R3, SCRATCH & ~Emission.bit(R3), none);
        most = Math.min(size, length + 1);
      }
      case Text.StringAt(_, Value pointer, int max) -> {
        out.move(R3, values.base(pointer, R3, SCRATCH & ~Emission.bit(R3), none));
        most = Math.min(size, max);
      }
      case Text.PathOf _,
          Text.SymbolAt _,
          Text.Choice _,
          Text.Counted _,
          Text.Joined _,
          Text.Literal _ -> {
        longTexts.make(text, none);
        longTexts.room(R3);
        asm.alu(Arithmetic.ADD, R3, LongTexts.DATA);
      }
    }
    out.stackAddress(R1, stack);
    asm.move(R2, most).call(Emission.PROBE_READ_STRING);
    asm.jumpIf(Condition.SIGNED_LT, R0, 0, none);
  }

  private static byte[] ended(byte[] text) {
    return Arrays.copyOf(text, text.length + 1);
  }

  private void go(Assembler.Label label, Targets to) {
    if (label != to.next()) {
      asm.jump(label);
    }
  }

  private void begins(Place place, byte[] with, int length, Targets to) {
    if (with.length > length || with.length == 0) {
      Register base = values.base(place.pointer(), R1, SCRATCH & ~Emission.bit(R1), to.none());
      if (base == null) {
        throw new IllegalStateException();
      }
      go(with.length > length ? to.no() : to.yes(), to);
    } else if (out.facts.direct(place)) {
      Register base = values.base(place.pointer(), R1, SCRATCH & ~Emission.bit(R1), to.none());
      bytes.compare(base, place, with, to.no());
      go(to.yes(), to);
    } else {
      int stack = out.frame.take(with.length);
      values.probe(place, stack, with.length, to.none());
      bytes.compare(R10, stack, with, to.no());
      out.frame.release(stack, with.length);
      go(to.yes(), to);
    }
  }

  private void string(Value pointer, int max, Value.TextTest test, byte[] literal, Targets to) {
    int wanted = literal.length;
    int size =
        switch (test.likeness()) {
          case IS -> Math.min(max, wanted + 2);
          case BEGINS -> Math.min(max, wanted + 1);
          case CONTAINS -> max;
        };
    int stack = out.frame.take(size);
    out.move(R3, values.base(pointer, R3, SCRATCH & ~Emission.bit(R3), to.none()));
    out.stackAddress(R1, stack);
    asm.move(R2, size).call(Emission.PROBE_READ_STRING);
    asm.jumpIf(Condition.SIGNED_LT, R0, 0, to.none());
    if (test.likeness() == Likeness.CONTAINS) {
      search(stack, size, literal, to);
    } else {
      // What it copied has a NUL at its end, cut or not.
      asm.jumpIf(Condition.NE, R0, wanted + 1, to.no());
      bytes.compare(R10, stack, literal, to.no());
      go(to.yes(), to);
    }
    out.frame.release(stack, size);
  }

  /** Looks for a literal in a text on the stack, up to its first NUL. */
  private void search(int stack, int length, byte[] literal, Targets to) {
    for (int at = 0; at + literal.length <= length && literal.length > 0; at++) {
      Assembler.Label next = asm.label();
      for (int i = 0; i < literal.length; i++) {
        asm.load(Size.BYTE, R1, R10, stack + at + i);
        if (i == 0) {
          asm.jumpIf(Condition.EQ, R1, 0, to.no());
        }
        asm.jumpIf(Condition.NE, R1, literal[i] & 0xFF, next);
      }
      asm.jump(to.yes()).place(next);
    }
    go(literal.length == 0 ? to.yes() : to.no(), to);
  }

  private void inMap(Value.TextTest test, byte[] literal, Targets to) {
    longTexts.make(test.text(), to.none());
    int wanted = literal.length;
    switch (test.likeness()) {
      case IS -> asm.jumpIf(Condition.NE, R0, wanted, to.no());
      case BEGINS -> asm.jumpIf(Condition.LT, R0, wanted, to.no());
      case CONTAINS -> {
        if (wanted == 0) {
          go(to.yes(), to);
        } else {
          int longest =
              switch (test.text()) {
                case Text.CharArray array -> array.length() + 1;
                case Text.StringAt string -> string.max();
                case Text.Counted counted -> counted.max();
                case Text.PathOf _, Text.SymbolAt _, Text.Choice _, Text.Joined _, Text.Literal _ ->
                    Text.LONGEST;
              };
          longTexts.search(literal, longest, to.yes(), to.no());
        }
        return;
      }
    }
    if (wanted > LongTexts.LONGEST) {
      go(to.no(), to);
      return;
    }
    longTexts.room(R1);
    bytes.compare(R1, LongTexts.DATA, literal, to.no());
    go(to.yes(), to);
  }
}
