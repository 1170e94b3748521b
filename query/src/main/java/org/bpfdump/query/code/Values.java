// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import static org.bpfdump.asm.Register.R0;
import static org.bpfdump.asm.Register.R1;
import static org.bpfdump.asm.Register.R10;
import static org.bpfdump.asm.Register.R2;
import static org.bpfdump.asm.Register.R3;
import static org.bpfdump.query.code.Emission.bit;
import static org.bpfdump.query.code.Emission.pick;

import org.bpfdump.asm.Arithmetic;
import org.bpfdump.asm.Assembler;
import org.bpfdump.asm.Condition;
import org.bpfdump.asm.Instruction;
import org.bpfdump.asm.Register;
import org.bpfdump.asm.Size;
import org.bpfdump.query.plan.Place;
import org.bpfdump.query.plan.Type;
import org.bpfdump.query.plan.Value;

/**
 * Code that computes values into registers. Each method says where the code goes on when the value
 * is NULL, and takes the set of registers it may use besides its destination. What calls something
 * is only computed while all of R0 to R5 are free.
 */
final class Values {
  private static final int KTIME = 5;
  private static final int KTIME_BOOT = 125;

  /** A load's offset has 16 bits. */
  private static final int FARTHEST = Short.MAX_VALUE;

  private final Emission out;
  private final Assembler asm;
  private final ProgramMaps maps;
  private Conditions conditions;

  Values(Emission out, ProgramMaps maps) {
    this.out = out;
    this.maps = maps;
    this.asm = out.asm;
  }

  /** Conditions and values contain each other. */
  void with(Conditions given) {
    this.conditions = given;
  }

  /** {@code dst = value}, in its type's form. */
  void compute(Value value, Register dst, int free, Assembler.Label none) {
    int others = free & ~bit(dst);
    switch (value) {
      case Value.Constant constant -> asm.move(dst, constant.value());
      case Value.ContextNumber(_, Type.Int type, int offset) -> {
        asm.load(Size.ofBytes(type.bytes()), dst, Emission.CONTEXT, offset);
        out.extend(dst, type);
      }
      case Value.ContextPointer pointer -> {
        Register held = out.held.get(pointer.offset());
        if (held != null) {
          asm.move(dst, held);
        } else {
          asm.load(Size.DOUBLE, dst, Emission.CONTEXT, pointer.offset());
        }
      }
      case Value.Load load -> {
        load(load, dst, others, none);
        if (load.type() instanceof Type.Int type && load.bits().isEmpty()) {
          out.extend(dst, type);
        }
      }
      case Value.AddressOf address -> address(address.place(), dst, others, none);
      case Value.Retyped retyped -> retyped(retyped, dst, others, none);
      case Value.PerCpu each -> perCpu(each, dst, none);
      case Value.Unary unary -> {
        compute(unary.of(), dst, others, none);
        switch (unary.operator()) {
          case NEGATE -> asm.add(new Instruction.Negate(true, dst));
          case COMPLEMENT -> asm.alu(Arithmetic.XOR, dst, -1);
        }
        out.normalise(dst, unary.type());
      }
      case Value.Binary binary -> binary(binary, dst, others, none);
      case Value.Convert convert -> convert(convert, dst, others, none);
      case Value.Choose choose -> choose(choose, dst, others, none);
      case Value.Clock(_, var source) -> {
        asm.call(
            switch (source) {
              case MONOTONIC -> KTIME;
              case BOOT -> KTIME_BOOT;
            });
        out.move(dst, R0);
      }
      case Value.Compare _,
          Value.TextTest _,
          Value.TextSame _,
          Value.Not _,
          Value.Both _,
          Value.Either _ ->
          truth(value, dst, others, none);
    }
  }

  /** The same for a value that is only stored: what is above its size does not matter. */
  void computeCut(Value value, Register dst, int free, Assembler.Label none) {
    if (value instanceof Value.Load load) {
      load(load, dst, free & ~bit(dst), none);
    } else {
      compute(value, dst, free, none);
    }
  }

  private void truth(Value value, Register dst, int free, Assembler.Label none) {
    Assembler.Label yes = asm.label();
    Assembler.Label no = asm.label();
    Assembler.Label done = asm.label();
    conditions.decide(value, new Targets(yes, no, none, yes), free | bit(dst));
    asm.place(yes).move(dst, 1).jump(done);
    asm.place(no).move(dst, 0);
    asm.place(done);
  }

  private void choose(Value.Choose choose, Register dst, int free, Assembler.Label none) {
    Assembler.Label yes = asm.label();
    Assembler.Label no = asm.label();
    Assembler.Label done = asm.label();
    conditions.decide(choose.condition(), new Targets(yes, no, none, yes), free | bit(dst));
    asm.place(yes);
    compute(choose.yes(), dst, free, none);
    asm.jump(done).place(no);
    compute(choose.no(), dst, free, none);
    asm.place(done);
  }

  private void convert(Value.Convert convert, Register dst, int free, Assembler.Label none) {
    compute(convert.of(), dst, free, none);
    Type.Int to = convert.type();
    if (out.facts.address(convert.of())) {
      out.launder(dst, free);
    }
    boolean fits =
        convert.of().type() instanceof Type.Int from
            && (from.bytes() < to.bytes()
                ? !from.signed() || to.signed()
                : from.bytes() == to.bytes() && from.signed() == to.signed());
    if (!fits) {
      out.normalise(dst, to);
    }
  }

  private void retyped(Value.Retyped retyped, Register dst, int free, Assembler.Label none) {
    switch (retyped.means()) {
      case Value.Means.Untold _ -> compute(retyped.of(), dst, free, none);
      case Value.Means.Cast(int function) -> {
        compute(retyped.of(), R1, Emission.SCRATCH, none);
        asm.move(R2, out.kernel.resolve(retyped.type().to()));
        asm.add(new Instruction.CallKernel(function, 0));
        out.move(dst, R0);
      }
      case Value.Means.Helper(int number) -> {
        compute(retyped.of(), R1, Emission.SCRATCH, none);
        Assembler.Label done = asm.label();
        if (out.facts.checks(retyped.of())) {
          asm.move(R0, 0).jumpIf(Condition.EQ, R1, 0, done);
        }
        asm.call(number).place(done);
        out.move(dst, R0);
      }
    }
  }

  /**
   * From the memory of each CPU to that of one: as far as from where a map of this program says its
   * value is ({@code pptrs}) to where its value of that CPU is.
   */
  private void perCpu(Value.PerCpu each, Register dst, Assembler.Label none) {
    Register pointer = base(each.pointer(), R1, Emission.SCRATCH & ~bit(R1), none);
    int at = out.spill(pointer);
    if (out.facts.address(each.pointer())) {
      out.launder(at, pick(Emission.SCRATCH & ~bit(pointer)));
    }
    compute(each.cpu(), R3, Emission.SCRATCH & ~bit(R3), none);
    int cpu = out.spill(R3);
    int value = out.frame.take();
    out.map(R1, maps.eachCpu());
    asm.store(Size.DOUBLE, R10, value, R1);
    out.launder(value, R2);
    asm.load(Size.DOUBLE, R3, R10, value).alu(Arithmetic.ADD, R3, each.values());
    out.stackAddress(R1, value);
    asm.move(R2, Long.BYTES).call(Emission.PROBE_READ).jumpIf(Condition.NE, R0, 0, none);
    out.fill(R3, cpu);
    int key = out.frame.take();
    asm.store(Size.DOUBLE, R10, key, 0);
    out.map(R1, maps.eachCpu());
    out.stackAddress(R2, key);
    asm.call(each.helper()).jumpIf(Condition.EQ, R0, 0, none);
    asm.store(Size.DOUBLE, R10, key, R0);
    out.launder(key, R1);
    out.fill(R0, key);
    out.fill(R1, value);
    asm.alu(Arithmetic.SUB, R0, R1);
    out.fill(R1, at);
    asm.alu(Arithmetic.ADD, R0, R1);
    out.move(dst, R0);
  }

  private void load(Value.Load load, Register dst, int free, Assembler.Label none) {
    if (out.shared.give(load, dst)) {
      return;
    }
    Place place = load.place();
    int bytes =
        load.bits().isPresent()
            ? (int) out.kernel.sizeOf(place.type())
            : load.type() instanceof Type.Int type ? type.bytes() : 8;
    if (out.facts.direct(place)) {
      direct(place, 0, bytes, dst, free, none);
    } else {
      int slot = out.frame.take();
      probe(place, slot, bytes, none);
      asm.load(Size.ofBytes(bytes), dst, R10, slot);
      out.frame.release(slot);
    }
    if (load.type() instanceof Type.Int type && load.bits().isPresent()) {
      Value.Bits bits = load.bits().get();
      asm.alu(Arithmetic.LSH, dst, 64 - bits.shift() - bits.width());
      asm.alu(type.signed() ? Arithmetic.ARSH : Arithmetic.RSH, dst, 64 - bits.width());
    }
  }

  private void direct(
      Place place, long further, int bytes, Register dst, int free, Assembler.Label none) {
    Register base = base(place.pointer(), dst, free, none);
    long offset = place.offset() + further;
    if (offset > FARTHEST - bytes) {
      out.move(dst, base);
      asm.alu(Arithmetic.ADD, dst, (int) offset);
      base = dst;
      offset = 0;
    }
    out.accesses.put(asm.slot(), place);
    asm.load(Size.ofBytes(bytes), dst, base, (int) offset);
  }

  /** Reads a place into the stack. All of R0 to R5 must be free. */
  void probe(Place place, int stack, int bytes, Assembler.Label none) {
    address(place, R3, Emission.SCRATCH & ~bit(R3), none);
    out.stackAddress(R1, stack);
    asm.move(R2, bytes).call(Emission.PROBE_READ).jumpIf(Condition.NE, R0, 0, none);
  }

  /**
   * The value of a pointer that will be followed: in {@code dst}, or in a register that holds it
   * anyway. It is not NULL.
   */
  Register base(Value pointer, Register dst, int free, Assembler.Label none) {
    Register base = dst;
    if (pointer instanceof Value.ContextPointer given && out.held.containsKey(given.offset())) {
      base = out.held.get(given.offset());
    } else {
      compute(pointer, dst, free, none);
    }
    if (out.facts.checks(pointer)) {
      asm.jumpIf(Condition.EQ, base, 0, none);
    }
    return base;
  }

  /** {@code dst =} the address of a place. */
  void address(Place place, Register dst, int free, Assembler.Label none) {
    if (place.index().isEmpty()) {
      out.move(dst, base(place.pointer(), dst, free, none));
    } else {
      Place.Scaled index = place.index().get();
      Register at = pair(place.pointer(), index.index(), dst, free, none);
      if (out.facts.checks(place.pointer())) {
        asm.jumpIf(Condition.EQ, dst, 0, none);
      }
      // The verifier adds only what is bounded to an address.
      boolean bounded = index.count() > 0 && index.count() * index.stride() < 1 << 28;
      if (!bounded && out.facts.address(place.pointer())) {
        out.launder(dst, free & ~bit(at));
      }
      if (index.count() > 0) {
        out.jumpIf(Condition.GE, at, index.count(), free, none);
      }
      asm.alu(Arithmetic.MUL, at, (int) index.stride()).alu(Arithmetic.ADD, dst, at);
    }
    if (place.offset() != 0) {
      asm.alu(Arithmetic.ADD, dst, (int) place.offset());
    }
  }

  /** Computes two values, the left one into {@code dst}; returns the register of the right one. */
  Register pair(Value left, Value right, Register dst, int free, Assembler.Label none) {
    int others = free & ~bit(dst);
    boolean calls = out.facts.calls(right);
    if (calls && !out.facts.calls(left)) {
      Register second = pick(others);
      compute(right, second, free | bit(dst), none);
      compute(left, dst, others & ~bit(second), none);
      return second;
    }
    compute(left, dst, others, none);
    boolean crowded = Integer.bitCount(others) < 4 && !Facts.parts(right).isEmpty();
    if (!calls && !crowded) {
      Register second = pick(others);
      compute(right, second, others & ~bit(second), none);
      return second;
    }
    int slot = out.spill(dst);
    Register second = pick(others);
    compute(right, second, others | bit(dst), none);
    out.fill(dst, slot);
    return second;
  }

  private void binary(Value.Binary binary, Register dst, int free, Assembler.Label none) {
    Type.Int type = binary.type();
    if (binary.right() instanceof Value.Constant(_, _, long value)
        && (int) value == value
        && immediate(binary, dst, (int) value, free, none)) {
      return;
    }
    Register right = pair(binary.left(), binary.right(), dst, free, none);
    switch (binary.operator()) {
      case ADD -> wrapping(Arithmetic.ADD, type, dst, right);
      case SUBTRACT -> wrapping(Arithmetic.SUB, type, dst, right);
      case MULTIPLY -> wrapping(Arithmetic.MUL, type, dst, right);
      case AND -> asm.alu(Arithmetic.AND, dst, right);
      case OR -> asm.alu(Arithmetic.OR, dst, right);
      case XOR -> asm.alu(Arithmetic.XOR, dst, right);
      case SHIFT_LEFT -> {
        asm.jumpIf(Condition.GE, right, 8 * type.bytes(), none).alu(Arithmetic.LSH, dst, right);
        out.normalise(dst, type);
      }
      case SHIFT_RIGHT ->
          asm.jumpIf(Condition.GE, right, 8 * type.bytes(), none)
              .alu(type.signed() ? Arithmetic.ARSH : Arithmetic.RSH, dst, right);
      case DIVIDE, REMAINDER -> {
        if (Facts.fails(binary)) {
          asm.jumpIf(Condition.EQ, right, 0, none);
        }
        boolean divide = binary.operator() == Value.Binary.Operator.DIVIDE;
        if (type.signed()) {
          signed(divide, dst, right, pick(free & ~bit(right)));
          out.normalise(dst, type);
        } else {
          asm.alu(divide ? Arithmetic.DIV : Arithmetic.MOD, dst, right);
        }
      }
    }
  }

  /** The same with a constant on the right, where an instruction has room for it. */
  private boolean immediate(
      Value.Binary binary, Register dst, int right, int free, Assembler.Label none) {
    Type.Int type = binary.type();
    boolean shifts = right >= 0 && right < 8 * type.bytes();
    boolean divides = !type.signed() && right > 0;
    Arithmetic operator =
        switch (binary.operator()) {
          case ADD -> Arithmetic.ADD;
          case SUBTRACT -> Arithmetic.SUB;
          case MULTIPLY -> Arithmetic.MUL;
          case AND -> Arithmetic.AND;
          case OR -> Arithmetic.OR;
          case XOR -> Arithmetic.XOR;
          case SHIFT_LEFT -> shifts ? Arithmetic.LSH : null;
          case SHIFT_RIGHT -> !shifts ? null : type.signed() ? Arithmetic.ARSH : Arithmetic.RSH;
          case DIVIDE -> divides ? Arithmetic.DIV : null;
          case REMAINDER -> divides ? Arithmetic.MOD : null;
        };
    if (operator == null) {
      return false;
    }
    compute(binary.left(), dst, free, none);
    asm.alu(operator, dst, right);
    switch (binary.operator()) {
      case ADD, SUBTRACT, MULTIPLY, SHIFT_LEFT -> out.normalise(dst, type);
      case AND, OR, XOR, SHIFT_RIGHT, DIVIDE, REMAINDER -> {
        // Of numbers in the type's form they make such.
      }
    }
    return true;
  }

  private void wrapping(Arithmetic operator, Type.Int type, Register dst, Register right) {
    if (type.bytes() == 4 && !type.signed()) {
      asm.alu32(operator, dst, right);
    } else {
      asm.alu(operator, dst, right);
      out.normalise(dst, type);
    }
  }

  /**
   * Signed division out of unsigned, as only newer kernels have it: magnitudes, and then the sign,
   * which is that of the product, or of the left side for the remainder.
   */
  private void signed(boolean divide, Register dst, Register right, Register sign) {
    asm.move(sign, dst);
    if (divide) {
      asm.alu(Arithmetic.XOR, sign, right);
    }
    negateIfNegative(dst, dst);
    negateIfNegative(right, right);
    asm.alu(divide ? Arithmetic.DIV : Arithmetic.MOD, dst, right);
    negateIfNegative(sign, dst);
  }

  private void negateIfNegative(Register sign, Register register) {
    Assembler.Label positive = asm.label();
    asm.jumpIf(Condition.SIGNED_GE, sign, 0, positive)
        .add(new Instruction.Negate(true, register))
        .place(positive);
  }
}
