// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import org.bpfdump.query.Span;
import org.bpfdump.query.plan.Type;
import org.bpfdump.query.plan.Value;

/** C's conversions between numbers, done at once for constants. */
final class Conversions {
  private final Types types;

  Conversions(Types types) {
    this.types = types;
  }

  /** A number of 64 bits cut to a type, and extended again as a register has it. */
  static long cut(long value, Type.Int type) {
    int unused = 64 - 8 * type.bytes();
    return type.signed() ? value << unused >> unused : value << unused >>> unused;
  }

  static boolean same(Type.Int a, Type.Int b) {
    return a.bytes() == b.bytes() && a.signed() == b.signed();
  }

  /** The value in a type; a truth value is whether it is not 0. */
  Value to(Type.Int type, Value value) {
    return to(value.span(), type, value);
  }

  Value to(Span span, Type.Int type, Value value) {
    if (types.bool(type)) {
      if (types.bool(value.type())) {
        return value;
      }
      if (value instanceof Value.Constant c) {
        return new Value.Constant(span, type, c.value() == 0 ? 0 : 1);
      }
      Value zero = new Value.Constant(value.span(), value.type(), 0);
      return new Value.Convert(
          span,
          type,
          new Value.Compare(span, Value.Compare.Relation.NOT_EQUAL, false, value, zero));
    }
    if (value instanceof Value.Constant c) {
      return new Value.Constant(span, type, cut(c.value(), type));
    }
    if (value.type() instanceof Type.Int from && same(from, type) && from.id() == type.id()) {
      return value;
    }
    return new Value.Convert(span, type, value);
  }

  /** The same where only size and sign matter. */
  private Value as(Type.Int type, Value value) {
    return value.type() instanceof Type.Int from && same(from, type) ? value : to(type, value);
  }

  /** C's integer promotion: what is smaller than an int becomes one. */
  Type.Int promoted(Value value) {
    Type.Int type = (Type.Int) value.type();
    int bits = 8 * type.bytes();
    if (value instanceof Value.Load load && load.bits().isPresent()) {
      bits = load.bits().get().width();
      if (bits > 32) {
        return plain(type);
      }
    }
    if (bits < 32 || (bits == 32 && type.signed())) {
      return Type.INT;
    }
    return bits == 32 ? Types.UINT : plain(type);
  }

  Value promote(Value value) {
    return as(promoted(value), value);
  }

  /** The type that both sides of an operator are converted to. */
  Type.Int common(Value left, Value right) {
    Type.Int a = promoted(left);
    Type.Int b = promoted(right);
    if (a.bytes() == b.bytes()) {
      return a.signed() ? b : a;
    }
    return a.bytes() > b.bytes() ? a : b;
  }

  /** A side of an operator in the {@link #common} type. */
  Value side(Type.Int common, Value value) {
    return as(common, value);
  }

  private static Type.Int plain(Type.Int type) {
    return new Type.Int(type.bytes(), type.signed(), 0);
  }

  /** The type of a constant, as C (LP64) has it. */
  static Type.Int literal(long value, boolean unsigned, boolean wide, boolean decimal) {
    boolean small = !wide && Long.compareUnsigned(value, 0xffffffffL) <= 0;
    if (!unsigned && small && value <= Integer.MAX_VALUE) {
      return Type.INT;
    }
    if (small && (unsigned || !decimal)) {
      return Types.UINT;
    }
    return unsigned || value < 0 ? Type.U64 : Types.LONG;
  }
}
