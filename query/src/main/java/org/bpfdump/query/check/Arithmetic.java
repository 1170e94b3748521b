// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import org.bpfdump.query.Span;
import org.bpfdump.query.plan.Type;
import org.bpfdump.query.plan.Value;
import org.bpfdump.query.plan.Value.Binary.Operator;
import org.bpfdump.query.plan.Value.Compare.Relation;
import org.bpfdump.query.syntax.BinaryOperator;

/** C's operators on numbers and addresses. */
final class Arithmetic {
  private final Types types;
  private final Conversions conversions;
  private final Pointers pointers;

  Arithmetic(Types types, Conversions conversions, Pointers pointers) {
    this.types = types;
    this.conversions = conversions;
    this.pointers = pointers;
  }

  /** Any operator with two sides but those of texts. */
  Value binary(Span span, BinaryOperator operator, Value left, Value right) {
    return switch (operator) {
      case MULTIPLY -> numbers(span, Operator.MULTIPLY, operator, left, right);
      case DIVIDE -> numbers(span, Operator.DIVIDE, operator, left, right);
      case REMAINDER -> numbers(span, Operator.REMAINDER, operator, left, right);
      case ADD -> add(span, left, right);
      case SUBTRACT -> subtract(span, left, right);
      case SHIFT_LEFT -> shift(span, Operator.SHIFT_LEFT, operator, left, right);
      case SHIFT_RIGHT -> shift(span, Operator.SHIFT_RIGHT, operator, left, right);
      case AND -> numbers(span, Operator.AND, operator, left, right);
      case XOR -> numbers(span, Operator.XOR, operator, left, right);
      case OR -> numbers(span, Operator.OR, operator, left, right);
      case LESS -> compare(span, Relation.LESS, left, right);
      case LESS_EQUAL -> compare(span, Relation.LESS_EQUAL, left, right);
      case GREATER -> compare(span, Relation.GREATER, left, right);
      case GREATER_EQUAL -> compare(span, Relation.GREATER_EQUAL, left, right);
      case EQUAL -> compare(span, Relation.EQUAL, left, right);
      case NOT_EQUAL -> compare(span, Relation.NOT_EQUAL, left, right);
      case BOTH -> new Value.Both(span, left, right);
      case EITHER -> new Value.Either(span, left, right);
      case BEGINS, CONTAINS ->
          throw Fault.at(
              left.span(),
              operator.symbol() + " asks about a text, and this is " + types.describe(left.type()));
    };
  }

  Value unary(Span span, Value.Unary.Sign sign, String symbol, Value of) {
    number(symbol, of);
    Value promoted = conversions.promote(of);
    return Folding.unary(span, (Type.Int) promoted.type(), sign, promoted);
  }

  Value not(Span span, Value of) {
    return of instanceof Value.Constant c
        ? new Value.Constant(span, Type.INT, c.value() == 0 ? 1 : 0)
        : new Value.Not(span, of);
  }

  Value choose(Span span, Value condition, Value yes, Value no) {
    Value a = yes;
    Value b = no;
    Type type;
    if (yes.type() instanceof Type.Int x && no.type() instanceof Type.Int y) {
      // Two of one type stay it, so that an enumeration is still shown by its names.
      if (x.equals(y)) {
        type = x;
      } else {
        Type.Int common = conversions.common(yes, no);
        a = conversions.side(common, yes);
        b = conversions.side(common, no);
        type = common;
      }
    } else if (zero(no) && yes.type() instanceof Type.Pointer pointer) {
      b = new Value.Constant(no.span(), pointer, 0);
      type = pointer;
    } else if (zero(yes) && no.type() instanceof Type.Pointer pointer) {
      a = new Value.Constant(yes.span(), pointer, 0);
      type = pointer;
    } else if (yes.type() instanceof Type.Pointer x
        && no.type() instanceof Type.Pointer y
        && types.resolve(x.to()) == types.resolve(y.to())) {
      type = x;
    } else {
      throw Fault.at(
          span,
          "the sides of : are "
              + types.describe(yes.type())
              + " and "
              + types.describe(no.type())
              + ": cast one of them");
    }
    if (condition instanceof Value.Constant c) {
      return c.value() != 0 ? a : b;
    }
    return new Value.Choose(span, type, condition, a, b);
  }

  private Value add(Span span, Value left, Value right) {
    boolean address = left.type() instanceof Type.Pointer;
    if (address || right.type() instanceof Type.Pointer) {
      Value index = address ? right : left;
      number("+", index);
      return pointers.move(span, address ? left : right, index(index), false);
    }
    return numbers(span, Operator.ADD, BinaryOperator.ADD, left, right);
  }

  private Value subtract(Span span, Value left, Value right) {
    if (!(left.type() instanceof Type.Pointer pointer)) {
      return numbers(span, Operator.SUBTRACT, BinaryOperator.SUBTRACT, left, right);
    }
    if (!(right.type() instanceof Type.Pointer other)) {
      return pointers.move(span, left, index(right), true);
    }
    if (types.resolve(pointer.to()) != types.resolve(other.to())) {
      throw Fault.at(
          span,
          "subtracts "
              + types.describe(other)
              + " from "
              + types.describe(pointer)
              + ": cast both to unsigned long");
    }
    long stride = pointers.stride(span, pointer);
    Value bytes =
        Folding.binary(
            span,
            Types.LONG,
            Operator.SUBTRACT,
            conversions.to(Types.LONG, left),
            conversions.to(Types.LONG, right));
    return stride <= 1
        ? bytes
        : Folding.binary(
            span, Types.LONG, Operator.DIVIDE, bytes, new Value.Constant(span, Types.LONG, stride));
  }

  /** An index as a register has it: with its sign, over all 64 bits. */
  Value index(Value value) {
    return conversions.side(Types.LONG, value);
  }

  private Value numbers(
      Span span, Operator operator, BinaryOperator symbol, Value left, Value right) {
    number(symbol.symbol(), left);
    number(symbol.symbol(), right);
    Type.Int type = conversions.common(left, right);
    return Folding.binary(
        span, type, operator, conversions.side(type, left), conversions.side(type, right));
  }

  private Value shift(
      Span span, Operator operator, BinaryOperator symbol, Value left, Value right) {
    number(symbol.symbol(), left);
    number(symbol.symbol(), right);
    Value promoted = conversions.promote(left);
    return Folding.binary(
        span, (Type.Int) promoted.type(), operator, promoted, conversions.promote(right));
  }

  private Value compare(Span span, Relation relation, Value left, Value right) {
    if (left.type() instanceof Type.Int && right.type() instanceof Type.Int) {
      Type.Int type = conversions.common(left, right);
      return Folding.compare(
          span,
          relation,
          type.signed(),
          conversions.side(type, left),
          conversions.side(type, right));
    }
    nothing(left, right);
    nothing(right, left);
    return Folding.compare(span, relation, false, address(left, right), address(right, left));
  }

  private void nothing(Value value, Value other) {
    if (value instanceof Value.Constant && other.type() instanceof Type.Int) {
      if (value.type() instanceof Type.Pointer) {
        throw Fault.at(
            value.span(),
            "compares "
                + types.describe(other.type())
                + " with NULL: compare a number with 0, and a pointer on the way to it with NULL");
      }
    }
  }

  private Value address(Value value, Value other) {
    if (value.type() instanceof Type.Pointer) {
      return value;
    }
    if (zero(value)) {
      return new Value.Constant(value.span(), other.type(), 0);
    }
    throw Fault.at(
        value.span(),
        "compares "
            + types.describe(other.type())
            + " with "
            + types.describe(value.type())
            + ": cast one of them");
  }

  private static boolean zero(Value value) {
    return value instanceof Value.Constant c && c.value() == 0;
  }

  private void number(String symbol, Value value) {
    if (value.type() instanceof Type.Pointer) {
      throw Fault.at(
          value.span(),
          symbol
              + " takes numbers, and this is "
              + types.describe(value.type())
              + ": cast it to unsigned long, or select a member");
    }
  }
}
