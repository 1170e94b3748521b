// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import static org.bpfdump.asm.Register.R0;
import static org.bpfdump.asm.Register.R1;
import static org.bpfdump.asm.Register.R10;
import static org.bpfdump.asm.Register.R2;
import static org.bpfdump.asm.Register.R3;
import static org.bpfdump.asm.Register.R4;
import static org.bpfdump.asm.Register.R5;
import static org.bpfdump.query.code.Emission.SCRATCH;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bpfdump.asm.Arithmetic;
import org.bpfdump.asm.Assembler;
import org.bpfdump.asm.AtomicOperation;
import org.bpfdump.asm.Condition;
import org.bpfdump.asm.Instruction;
import org.bpfdump.asm.Register;
import org.bpfdump.asm.Size;
import org.bpfdump.query.plan.Text;

/**
 * Texts that the stack has no room for. They are made in a map of a few rooms for each CPU. A
 * program keeps its CPU but can be preempted on it by another one of its kind: it counts itself in
 * the room's first word, has the room if it is the only one there, and goes out before it ends or
 * tries the next. A room is that word, a length of 4 bytes, and the text.
 *
 * <p>Adding is the one atomic operation that kernels before 5.12 have, and they do not tell what
 * was there before. That is no matter: who is in a room has added, so that nobody else reads 1.
 */
final class LongTexts {
  /** Bytes before the text, and where a text that is written begins: at its length. */
  static final int DATA = 8;

  static final int LENGTH = 4;

  /** Bytes of a text without its NUL. */
  static final int LONGEST = Text.LONGEST - 1;

  /** How many programs of a kind can be preempted on a CPU by each other. */
  static final int ROOMS = 4;

  static final int ROOM = DATA + Text.LONGEST;

  private static final int LOOKUP = 1;
  private static final int D_PATH = 147;
  private static final int SNPRINTF = 165;

  /** Room for a symbol's name and its module's. */
  private static final int SYMBOL = 1024;

  /** How many bytes a search looks at in a row, and after how many it asks what it has found. */
  private static final int STEP = 8;

  private static final int BLOCK = 64;

  private final Emission out;
  private final Assembler asm;
  private final Values values;
  private final Bytes bytes;
  private final ProgramMaps maps;
  private Conditions conditions;
  private int room;

  /** Bytes of the text that are put before the one that is made. */
  private int before;

  LongTexts(Emission out, Values values, Bytes bytes, ProgramMaps maps) {
    this.out = out;
    this.asm = out.asm;
    this.values = values;
    this.bytes = bytes;
    this.maps = maps;
  }

  /** Conditions and texts contain each other. */
  void with(Conditions given) {
    this.conditions = given;
  }

  /** Whether there is a room to give back. */
  boolean claimed() {
    return room != 0;
  }

  /** Takes a room, or goes away. */
  void claim(Assembler.Label busy) {
    if (claimed()) {
      return;
    }
    room = out.frame.take();
    int key = out.frame.take();
    Assembler.Label found = asm.label();
    for (int i = 0; i < ROOMS; i++) {
      asm.store(Size.WORD, R10, key, i);
      out.map(R1, maps.rooms());
      out.stackAddress(R2, key);
      asm.call(LOOKUP).jumpIf(Condition.EQ, R0, 0, busy).store(Size.DOUBLE, R10, room, R0);
      count(R0, 1);
      asm.load(Size.WORD, R1, R0, 0).jumpIf(Condition.EQ, R1, 1, found);
      count(R0, -1);
    }
    asm.jump(busy).place(found);
    out.frame.release(key);
  }

  /** Gives the room back. */
  void release() {
    if (claimed()) {
      room(R1);
      count(R1, -1);
    }
  }

  /** Goes into a room or out of it. */
  private void count(Register at, int change) {
    asm.move(R2, change).add(new Instruction.Atomic(AtomicOperation.ADD, Size.WORD, at, 0, R2));
  }

  /** {@code dst =} the room. */
  void room(Register dst) {
    asm.load(Size.DOUBLE, dst, R10, room);
  }

  private void data(Register dst) {
    room(dst);
    asm.alu(Arithmetic.ADD, dst, DATA + before);
  }

  /** Makes a text in the room, with its length, at most {@link #LONGEST}, in R0. */
  void make(Text text, Assembler.Label none) {
    switch (text) {
      case Text.CharArray(_, var place, int length) -> {
        values.address(place, R3, SCRATCH & ~Emission.bit(R3), none);
        string(Math.min(length + 1, left()), none);
      }
      case Text.StringAt(_, var pointer, int max) -> {
        out.move(R3, values.base(pointer, R3, SCRATCH & ~Emission.bit(R3), none));
        string(Math.min(max, left()), none);
      }
      case Text.PathOf(_, var path) -> {
        values.address(path, R1, SCRATCH & ~Emission.bit(R1), none);
        data(R2);
        asm.move(R3, left()).call(D_PATH);
        measured(left(), none);
      }
      case Text.SymbolAt(_, var address) -> {
        values.compute(address, R1, SCRATCH & ~Emission.bit(R1), none);
        asm.jumpIf(Condition.EQ, R1, 0, none);
        int slot = out.spill(R1);
        if (out.facts.address(address)) {
          out.launder(slot, R2);
        }
        data(R1);
        asm.move(R2, SYMBOL);
        out.mapValue(R3, maps.symbolFormat());
        out.stackAddress(R4, slot);
        asm.move(R5, 8).call(SNPRINTF);
        out.frame.release(slot);
        measured(SYMBOL, none);
      }
      case Text.Choice choice -> choice(choice, none);
      case Text.Counted counted -> counted(counted, none);
      case Text.Joined joined -> joined(joined, none);
      case Text.Literal(_, String value) -> {
        byte[] whole = value.getBytes(StandardCharsets.UTF_8);
        byte[] literal = Arrays.copyOf(whole, Math.min(whole.length, left() - 1));
        room(R1);
        bytes.write(R1, DATA + before, Arrays.copyOf(literal, literal.length + 1));
        asm.move(R0, literal.length);
      }
    }
  }

  /** Bytes that there are for a text and its NUL. */
  private int left() {
    return Text.LONGEST - before;
  }

  private void counted(Text.Counted counted, Assembler.Label none) {
    int most = Math.min(counted.max(), left()) - 1;
    values.compute(counted.length(), R2, SCRATCH & ~Emission.bit(R2), none);
    int length = out.spill(R2);
    out.move(R3, values.base(counted.pointer(), R3, SCRATCH & ~Emission.bit(R3), none));
    out.fill(R2, length);
    Assembler.Label fits = asm.label();
    asm.jumpIf(Condition.SIGNED_LT, R2, 0, none)
        .jumpIf(Condition.LE, R2, most, fits)
        .move(R2, most)
        .place(fits)
        .alu(Arithmetic.ADD, R2, 1);
    data(R1);
    asm.call(Emission.PROBE_READ_STRING);
    measured(most + 1, none);
  }

  /** What follows first, as it says how long it is. */
  private void joined(Text.Joined joined, Assembler.Label none) {
    byte[] first = joined.before().getBytes(StandardCharsets.UTF_8);
    before += first.length;
    make(joined.after(), none);
    before -= first.length;
    room(R1);
    bytes.write(R1, DATA + before, first);
    asm.alu(Arithmetic.ADD, R0, first.length);
  }

  /** One of two texts. */
  private void choice(Text.Choice choice, Assembler.Label none) {
    Assembler.Label yes = asm.label();
    Assembler.Label no = asm.label();
    Assembler.Label done = asm.label();
    conditions.decide(choice.condition(), new Targets(yes, no, none, yes), SCRATCH);
    asm.place(yes);
    make(choice.yes(), none);
    asm.jump(done).place(no);
    make(choice.no(), none);
    asm.place(done);
  }

  /** Copies what R3 points at. */
  private void string(int size, Assembler.Label none) {
    data(R1);
    asm.move(R2, size).call(Emission.PROBE_READ_STRING);
    measured(size, none);
  }

  /** R0 is what a helper returned: a length with the NUL, or an error, which is below 0. */
  private void measured(int size, Assembler.Label none) {
    asm.alu(Arithmetic.SUB, R0, 1).jumpIf(Condition.GT, R0, size - 1, none);
  }

  /** Looks for a literal in the text that was made, which has at most so many bytes. */
  void search(byte[] literal, int longest, Assembler.Label yes, Assembler.Label no) {
    Automaton automaton = Automaton.of(literal);
    // R0 the table, R1 the room, R2 the state, R3 how far.
    room(R1);
    out.mapValue(R0, maps.table(automaton.table()));
    asm.move(R2, 0).move(R3, 0);
    Assembler.Label top = out.here();
    asm.move(R5, R1).alu(Arithmetic.ADD, R5, R3);
    for (int i = 0; i < STEP; i++) {
      asm.load(Size.BYTE, R4, R5, DATA + i)
          .alu(Arithmetic.LSH, R2, 8)
          .alu(Arithmetic.OR, R2, R4)
          .alu(Arithmetic.AND, R2, automaton.mask())
          .move(R4, R0)
          .alu(Arithmetic.ADD, R4, R2)
          .load(Size.BYTE, R2, R4, 0);
    }
    asm.alu(Arithmetic.ADD, R3, STEP)
        .move(R4, R3)
        .alu(Arithmetic.AND, R4, BLOCK - 1)
        .jumpIf(Condition.NE, R4, 0, top)
        .jumpIf(Condition.EQ, R2, automaton.found(), yes)
        .jumpIf(Condition.EQ, R2, automaton.ended(), no)
        .jumpIf(Condition.LT, R3, Math.min(longest, LONGEST), top)
        .jump(no);
  }
}
