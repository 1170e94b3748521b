// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.plan;

import java.util.Optional;
import org.bpfdump.query.Span;

/**
 * A number or address that the program computes, or NULL: every value can be NULL as soon as one
 * that it is computed from is. Conversions are explicit: the operands of arithmetic and comparison
 * have the type that C would convert them to.
 */
public sealed interface Value {
  /** Where it stands in the query. */
  Span span();

  /** Its type. */
  Type type();

  /** Whether, as a pointer, it must be compared with 0 before it is followed. */
  default boolean mayBeNull() {
    return true;
  }

  /** A constant, extended as its type says. */
  record Constant(Span span, Type type, long value) implements Value {}

  /** A number that the target hands over. {@code offset} is into the context, in bytes. */
  record ContextNumber(Span span, Type.Int type, int offset) implements Value {}

  /** A pointer that the target hands over. {@code offset} is into the context, in bytes. */
  record ContextPointer(Span span, Type.Pointer type, int offset, boolean nullable)
      implements Value {
    @Override
    public boolean mayBeNull() {
      return nullable;
    }
  }

  /**
   * What is in memory.
   *
   * @param bits which bits of it, for a bitfield: {@code place} is then the storage unit
   */
  record Load(Span span, Type type, Place place, Optional<Bits> bits) implements Value {}

  /**
   * Bits of a number, counted from the lowest once the storage unit is in a register.
   *
   * @param shift how many are below it
   * @param width how many it has
   */
  record Bits(int shift, int width) {}

  /**
   * The address of a place, which is not read. NULL when the place's pointer is, and when its index
   * is beyond the count.
   */
  record AddressOf(Span span, Type.Pointer type, Place place) implements Value {
    @Override
    public boolean mayBeNull() {
      return false;
    }
  }

  /** The same address, as a pointer to something else. */
  record Retyped(Span span, Type.Pointer type, Value of, Means means) implements Value {}

  /** How the verifier is told of another type. */
  sealed interface Means {
    /**
     * Not at all. What is behind is probed, or loaded where the verifier lets be loaded what it has
     * no type of: a map's key and value, and since Linux 6.17 what pointers to other than structs
     * lead to.
     */
    record Untold() implements Means {}

    /** By the kernel function {@code bpf_rdonly_cast}, whose BTF id is {@code function}. */
    record Cast(int function) implements Means {}

    /** By a helper that gives NULL where the object is something else. */
    record Helper(int number) implements Means {}
  }

  /**
   * Where on a CPU is what a pointer to memory of each CPU means. NULL when the pointer is, and
   * when there is no such CPU.
   *
   * @param helper number of {@code bpf_map_lookup_percpu_elem}
   * @param values where in a {@code struct bpf_array} the pointers to its values of each CPU begin
   */
  record PerCpu(Span span, Type.Pointer type, Value pointer, Value cpu, int helper, int values)
      implements Value {
    @Override
    public boolean mayBeNull() {
      return false;
    }
  }

  /** {@code -x}, {@code ~x}, in the type. */
  record Unary(Span span, Type.Int type, Sign operator, Value of) implements Value {
    /** Which. */
    public enum Sign {
      NEGATE,
      COMPLEMENT
    }
  }

  /**
   * Arithmetic in the type, modulo its size. Division and remainder by 0 are NULL. The right side
   * of a shift has a type of its own; shifting by more than the width is NULL.
   */
  record Binary(Span span, Type.Int type, Operator operator, Value left, Value right)
      implements Value {
    /** Which. */
    public enum Operator {
      MULTIPLY,
      DIVIDE,
      REMAINDER,
      ADD,
      SUBTRACT,
      SHIFT_LEFT,
      SHIFT_RIGHT,
      AND,
      XOR,
      OR
    }
  }

  /** 1 if the relation holds, else 0. {@code signed} says how the operands' 64 bits compare. */
  record Compare(Span span, Relation relation, boolean signed, Value left, Value right)
      implements Value {
    /** Which. */
    public enum Relation {
      EQUAL,
      NOT_EQUAL,
      LESS,
      LESS_EQUAL,
      GREATER,
      GREATER_EQUAL
    }

    @Override
    public Type type() {
      return Type.INT;
    }
  }

  /** 1 if the text is, begins with or contains the literal, else 0. */
  record TextTest(Span span, Likeness likeness, Text text, String literal) implements Value {
    /** Which. */
    public enum Likeness {
      IS,
      BEGINS,
      CONTAINS
    }

    @Override
    public Type type() {
      return Type.INT;
    }
  }

  /**
   * 1 if two texts are the same, else 0.
   *
   * @param most bytes that the shorter one can have, without its NUL
   */
  record TextSame(Span span, Text left, Text right, int most) implements Value {
    @Override
    public Type type() {
      return Type.INT;
    }
  }

  /** 1 if it is 0, else 0. */
  record Not(Span span, Value of) implements Value {
    @Override
    public Type type() {
      return Type.INT;
    }
  }

  /**
   * {@code &&}. 0 as soon as one side is 0, also when the other is NULL; 1 if both are neither;
   * else NULL. The right side is not computed when the left is 0.
   */
  record Both(Span span, Value left, Value right) implements Value {
    @Override
    public Type type() {
      return Type.INT;
    }
  }

  /** {@code ||}. 1 as soon as one side is not 0, also when the other is NULL; else as above. */
  record Either(Span span, Value left, Value right) implements Value {
    @Override
    public Type type() {
      return Type.INT;
    }
  }

  /** {@code condition ? yes : no}; NULL when the condition is. */
  record Choose(Span span, Type type, Value condition, Value yes, Value no) implements Value {}

  /** The number in another type, cut and extended as C does it. */
  record Convert(Span span, Type.Int type, Value of) implements Value {}

  /** What a clock of the kernel says, in nanoseconds. */
  record Clock(Span span, Source source) implements Value {
    /** Which. */
    public enum Source {
      /** Time the machine was awake. */
      MONOTONIC,
      /** Time since it was started. */
      BOOT
    }

    @Override
    public Type type() {
      return Type.U64;
    }
  }
}
