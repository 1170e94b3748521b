// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import static org.bpfdump.asm.Register.R1;
import static org.bpfdump.asm.Register.R10;
import static org.bpfdump.asm.Register.R2;
import static org.bpfdump.asm.Register.R3;
import static org.bpfdump.query.code.Emission.SCRATCH;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.bpfdump.asm.Arithmetic;
import org.bpfdump.asm.Assembler;
import org.bpfdump.asm.Condition;
import org.bpfdump.asm.Register;
import org.bpfdump.asm.Size;
import org.bpfdump.query.plan.Place;

/** Code that copies and compares runs of bytes, as many at a time as alignment lets it. */
final class Bytes {
  private static final int FARTHEST = Short.MAX_VALUE;

  private final Emission out;
  private final Assembler asm;
  private final Values values;

  Bytes(Emission out, Values values) {
    this.out = out;
    this.asm = out.asm;
    this.values = values;
  }

  /** How many bytes to take at once: a power of two that divides all of these. */
  private static int step(long offset, int left) {
    int step = 8;
    while (step > left || (offset & (step - 1)) != 0) {
      step /= 2;
    }
    return step;
  }

  /** Copies a place to the stack, by loads where it can be; all of R0 to R5 must be free. */
  void toStack(Place place, int length, int stack, Assembler.Label none) {
    if (!out.facts.direct(place)) {
      values.probe(place, stack, length, none);
      return;
    }
    Register base = near(place, length, values.base(place.pointer(), R1, free(R1), none));
    long offset = base == R3 ? 0 : place.offset();
    for (int at = 0; at < length; ) {
      // The stack takes only what is aligned; a run there begins as aligned as its length allows.
      int step = Math.min(step(place.offset() + at, length - at), step(stack + at, length - at));
      load(place, Size.ofBytes(step), base, offset + at);
      asm.store(Size.ofBytes(step), R10, stack + at, R2);
      at += step;
    }
  }

  private static int free(Register taken) {
    return SCRATCH & ~Emission.bit(taken);
  }

  /** A base from which all bytes of a place are near enough for a load: R3 is at the place. */
  private Register near(Place place, int length, Register base) {
    if (place.offset() + length <= FARTHEST) {
      return base;
    }
    out.move(R3, base);
    asm.alu(Arithmetic.ADD, R3, (int) place.offset());
    return R3;
  }

  private void load(Place place, Size size, Register base, long offset) {
    out.accesses.put(asm.slot(), place);
    asm.load(size, R2, base, (int) offset);
  }

  /** Goes away unless the bytes at a place are these. */
  void compare(Register pointer, Place place, byte[] with, Assembler.Label differs) {
    Register base = near(place, with.length, pointer);
    long offset = base == R3 ? 0 : place.offset();
    for (int at = 0; at < with.length; ) {
      int step = step(place.offset() + at, with.length - at);
      load(place, Size.ofBytes(step), base, offset + at);
      compare(with, at, step, differs);
      at += step;
    }
  }

  /** The same for bytes of the program's own memory. */
  void compare(Register base, int offset, byte[] with, Assembler.Label differs) {
    for (int at = 0; at < with.length; ) {
      int step = step(offset + at, with.length - at);
      asm.load(Size.ofBytes(step), R2, base, offset + at);
      compare(with, at, step, differs);
      at += step;
    }
  }

  /** R2 with so many bytes. */
  private void compare(byte[] with, int at, int step, Assembler.Label differs) {
    long number = number(with, at, step);
    switch (step) {
      case 8 -> out.jumpIf(Condition.NE, R2, number, Emission.bit(Register.R0), differs);
      case 4 -> asm.jumpIf32(Condition.NE, R2, (int) number, differs);
      default -> asm.jumpIf(Condition.NE, R2, (int) number, differs);
    }
  }

  /** Writes constant bytes. */
  void write(Register base, int offset, byte[] what) {
    for (int at = 0; at < what.length; ) {
      int step = Math.min(4, step(offset + at, what.length - at));
      asm.store(Size.ofBytes(step), base, offset + at, (int) number(what, at, step));
      at += step;
    }
  }

  private long number(byte[] bytes, int at, int length) {
    ByteBuffer buffer =
        ByteBuffer.wrap(Arrays.copyOfRange(bytes, at, at + length)).order(out.kernel.order());
    return switch (length) {
      case 8 -> buffer.getLong();
      case 4 -> buffer.getInt();
      case 2 -> buffer.getShort() & 0xFFFF;
      default -> buffer.get() & 0xFF;
    };
  }
}
