// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import org.bpfdump.query.Span;
import org.bpfdump.query.plan.Type;
import org.bpfdump.query.plan.Value;

/** Operators of constants, computed as the program would. */
final class Folding {
  private Folding() {}

  static Value unary(Span span, Type.Int type, Value.Unary.Sign sign, Value of) {
    if (of instanceof Value.Constant c) {
      long value =
          switch (sign) {
            case NEGATE -> -c.value();
            case COMPLEMENT -> ~c.value();
          };
      return new Value.Constant(span, type, Conversions.cut(value, type));
    }
    return new Value.Unary(span, type, sign, of);
  }

  static Value binary(
      Span span, Type.Int type, Value.Binary.Operator operator, Value left, Value right) {
    if (right instanceof Value.Constant r) {
      switch (operator) {
        case DIVIDE, REMAINDER -> {
          if (r.value() == 0) {
            throw Fault.at(right.span(), "divides by 0");
          }
        }
        case SHIFT_LEFT, SHIFT_RIGHT -> {
          if (r.value() < 0 || r.value() >= 8L * type.bytes()) {
            throw Fault.at(
                right.span(), "shifts a number of " + 8 * type.bytes() + " bits by " + r.value());
          }
        }
        case MULTIPLY, ADD, SUBTRACT, AND, XOR, OR -> {}
      }
      if (left instanceof Value.Constant l) {
        long value = compute(type, operator, l.value(), r.value());
        return new Value.Constant(span, type, Conversions.cut(value, type));
      }
    }
    return new Value.Binary(span, type, operator, left, right);
  }

  private static long compute(Type.Int type, Value.Binary.Operator operator, long a, long b) {
    return switch (operator) {
      case MULTIPLY -> a * b;
      case DIVIDE -> type.signed() ? a / b : Long.divideUnsigned(a, b);
      case REMAINDER -> type.signed() ? a % b : Long.remainderUnsigned(a, b);
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case SHIFT_LEFT -> a << b;
      case SHIFT_RIGHT -> type.signed() ? a >> b : a >>> b;
      case AND -> a & b;
      case XOR -> a ^ b;
      case OR -> a | b;
    };
  }

  static Value compare(
      Span span, Value.Compare.Relation relation, boolean signed, Value left, Value right) {
    if (left instanceof Value.Constant l && right instanceof Value.Constant r) {
      int order =
          signed ? Long.compare(l.value(), r.value()) : Long.compareUnsigned(l.value(), r.value());
      boolean holds =
          switch (relation) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case LESS -> order < 0;
            case LESS_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_EQUAL -> order >= 0;
          };
      return new Value.Constant(span, Type.INT, holds ? 1 : 0);
    }
    return new Value.Compare(span, relation, signed, left, right);
  }
}
