// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import java.util.Optional;
import org.bpfdump.btf.BtfType;
import org.bpfdump.query.Span;
import org.bpfdump.query.plan.Place;
import org.bpfdump.query.plan.Text;
import org.bpfdump.query.plan.Type;
import org.bpfdump.query.plan.Value;
import org.bpfdump.query.syntax.BinaryOperator;
import org.bpfdump.query.syntax.Expression;
import org.bpfdump.query.syntax.UnaryOperator;

/** From an expression to what it is on one kernel, by C's rules. */
final class Expressions {
  /** How deep expressions nest at most; the JVM's stack holds several times that. */
  private static final int DEEPEST = 200;

  private final Types types;
  private final Names names;
  private final TypeNames typeNames;
  private final Access access;
  private final Conversions conversions;
  private final Arithmetic arithmetic;
  private final Texts texts;
  private final Functions functions;
  private int depth;

  Expressions(Types types, Names names, Access access) {
    this.types = types;
    this.names = names;
    this.access = access;
    this.typeNames = new TypeNames(types);
    this.conversions = new Conversions(types);
    this.arithmetic = new Arithmetic(types, conversions, access.pointers());
    this.texts = new Texts(types, access, arithmetic);
    this.functions = new Functions(this, types, names, access, texts, arithmetic, conversions);
  }

  Texts texts() {
    return texts;
  }

  /** What an expression is. */
  Operand operand(Expression expression) {
    if (depth == DEEPEST) {
      throw Fault.at(
          expression.span(), "too deep: an expression nests " + DEEPEST + " levels at most");
    }
    depth++;
    try {
      return nested(expression);
    } finally {
      depth--;
    }
  }

  private Operand nested(Expression expression) {
    Span span = expression.span();
    return switch (expression) {
      case Expression.Constant e -> Operand.of(constant(e));
      case Expression.Text e -> new Operand.Words(new Text.Literal(span, e.value()));
      case Expression.Name e -> names.resolve(span, e.name());
      case Expression.Member e -> names.select(span, object(e), e.name(), e.nameSpan());
      case Expression.Index e -> index(e);
      case Expression.Unary e -> unary(e);
      case Expression.Binary e -> binary(e);
      case Expression.Conditional e -> {
        Value condition = truth(e.condition());
        Operand yes = operand(e.yes());
        Operand no = operand(e.no());
        Text text = texts.choose(span, condition, yes, no);
        yield text != null
            ? new Operand.Words(text)
            : Operand.of(arithmetic.choose(span, condition, value(yes), value(no)));
      }
      case Expression.Cast e -> Operand.of(cast(e));
      case Expression.SizeOfType e -> {
        int id = typeNames.id(e.type());
        yield size(span, types.size(id), e.type().toString());
      }
      case Expression.SizeOf e -> sizeOf(e);
      case Expression.ContainerOf e -> Operand.of(container(e));
      case Expression.Call e -> functions.call(e);
    };
  }

  /** A number or address; memory is read. */
  Value value(Expression expression) {
    return value(operand(expression));
  }

  Value value(Operand operand) {
    return switch (operand) {
      case Operand.Scalar scalar -> scalar.value();
      case Operand.Thing thing -> {
        Value value = access.load(thing);
        if (value == null) {
          throw Fault.at(
              thing.span(),
              "this is "
                  + types.describe(thing.place().type())
                  + ", not a number: select a member of it");
        }
        yield value;
      }
      case Operand.Words words ->
          throw Fault.at(
              words.span(),
              "this is a text, not a number: compare it with == != ^= *=, or show it by itself");
      case Operand.Octets octets ->
          throw Fault.at(octets.span(), "this is an address of the network, not a number");
      case Operand.Address address ->
          throw Fault.at(address.span(), "this is an address of the network, not a number");
    };
  }

  /** What is asked whether it is 0. */
  Value truth(Expression expression) {
    Operand operand = operand(expression);
    if (operand instanceof Operand.Words
        || (operand instanceof Operand.Thing thing
            && types.resolved(thing.place().type()) instanceof BtfType.Array)) {
      throw Fault.at(
          operand.span(),
          "a condition is a number, and this is "
              + (texts.obvious(operand) == null ? "an array" : "a text")
              + ": compare it with something");
    }
    return value(operand);
  }

  private static Value constant(Expression.Constant e) {
    Type.Int type =
        e.character()
            ? Type.INT
            : Conversions.literal(e.value(), e.unsigned(), e.wide(), e.decimal());
    return new Value.Constant(e.span(), type, Conversions.cut(e.value(), type));
  }

  /** What a member is selected from: the thing itself, or what a pointer leads to. */
  private Operand.Thing object(Expression.Member e) {
    Operand of = operand(e.of());
    if (of instanceof Operand.Thing thing && thing.bits() == 0) {
      int type = thing.place().type();
      if (types.composite(type) != null) {
        return thing;
      }
      if (types.resolved(type) instanceof BtfType.Array array) {
        throw Fault.at(
            of.span(),
            "this is the array "
                + types.describe(type)
                + ": select an element before its "
                + e.name()
                + ", as [0]."
                + e.name()
                + (types.size(array.element()) < 0 ? ", if it has any" : ""));
      }
    }
    if (of instanceof Operand.Words
        || of instanceof Operand.Octets
        || of instanceof Operand.Address) {
      throw Fault.at(of.span(), "what a function gives has no members");
    }
    Value pointer = value(of);
    if (!(pointer.type() instanceof Type.Pointer type)) {
      throw Fault.at(
          of.span(),
          "this is "
              + types.describe(pointer.type())
              + ", and only a struct, a union or a pointer to one has members");
    }
    if (type.to() != 0 && types.resolved(type.to()) instanceof BtfType.Ptr) {
      throw Fault.at(
          of.span(),
          "this is "
              + types.describe(type)
              + ", a pointer to a pointer: follow it with [0] before its "
              + e.name());
    }
    return access.pointers().follow(of.span(), pointer);
  }

  private Operand index(Expression.Index e) {
    Operand of = operand(e.of());
    Value index = arithmetic.index(number(e.index()));
    if (of instanceof Operand.Thing thing
        && types.resolved(thing.place().type()) instanceof BtfType.Array array) {
      return access.pointers().element(e.span(), thing.place(), array, index);
    }
    Value pointer = value(of);
    if (!(pointer.type() instanceof Type.Pointer)) {
      throw Fault.at(
          of.span(),
          "this is " + types.describe(pointer.type()) + ", neither an array nor a pointer");
    }
    return access
        .pointers()
        .follow(e.span(), access.pointers().move(e.span(), pointer, index, false));
  }

  private Value number(Expression expression) {
    Value value = value(expression);
    if (value.type() instanceof Type.Pointer) {
      throw Fault.at(
          value.span(), "an index is a number, and this is " + types.describe(value.type()));
    }
    return value;
  }

  private Operand unary(Expression.Unary e) {
    Span span = e.span();
    return switch (e.operator()) {
      case PLUS -> {
        Value of = value(e.of());
        yield Operand.of(of.type() instanceof Type.Int ? conversions.promote(of) : of);
      }
      case MINUS, COMPLEMENT -> {
        Value.Unary.Sign sign =
            e.operator() == UnaryOperator.MINUS
                ? Value.Unary.Sign.NEGATE
                : Value.Unary.Sign.COMPLEMENT;
        yield Operand.of(arithmetic.unary(span, sign, e.operator().symbol(), value(e.of())));
      }
      case NOT -> Operand.of(arithmetic.not(span, truth(e.of())));
      case FOLLOW -> {
        Value pointer = value(e.of());
        if (!(pointer.type() instanceof Type.Pointer)) {
          throw Fault.at(
              pointer.span(), "* follows a pointer, and this is " + types.describe(pointer.type()));
        }
        yield access.pointers().follow(span, pointer);
      }
      case ADDRESS -> Operand.of(address(span, operand(e.of())));
    };
  }

  private Value address(Span span, Operand of) {
    if (!(of instanceof Operand.Thing thing)) {
      throw Fault.at(of.span(), "& takes something in memory, and this was computed");
    }
    if (thing.bits() > 0) {
      throw Fault.at(of.span(), "a bitfield has no address");
    }
    Place at = access.located(thing.place());
    return new Value.AddressOf(span, new Type.Pointer(at.type()), at);
  }

  private Operand binary(Expression.Binary e) {
    BinaryOperator operator = e.operator();
    if (operator == BinaryOperator.BOTH || operator == BinaryOperator.EITHER) {
      return Operand.of(arithmetic.binary(e.span(), operator, truth(e.left()), truth(e.right())));
    }
    Operand left = operand(e.left());
    Operand right = operand(e.right());
    Text joined = texts.join(e.span(), operator, left, right);
    if (joined != null) {
      return new Operand.Words(joined);
    }
    Value test = texts.test(e.span(), operator, left, right);
    return Operand.of(
        test != null ? test : arithmetic.binary(e.span(), operator, value(left), value(right)));
  }

  private Value cast(Expression.Cast e) {
    Type type = typeNames.type(e.type());
    Value of = value(e.of());
    return switch (type) {
      case Type.Int to -> conversions.to(e.span(), to, of);
      case Type.Pointer to -> {
        if (of instanceof Value.Constant c) {
          yield new Value.Constant(e.span(), to, c.value());
        }
        Value address = of.type() instanceof Type.Int ? conversions.side(Type.U64, of) : of;
        yield access.pointers().retype(e.span(), address, to);
      }
    };
  }

  private Operand sizeOf(Expression.SizeOf e) {
    Operand of = operand(e.of());
    return switch (of) {
      case Operand.Thing thing -> {
        if (thing.bits() > 0) {
          throw Fault.at(of.span(), "a bitfield has no size in bytes");
        }
        int type = thing.place().type();
        yield size(e.span(), types.size(type), types.describe(type));
      }
      case Operand.Scalar scalar ->
          size(e.span(), scalar.value().type() instanceof Type.Int t ? t.bytes() : 8, "");
      case Operand.Words words ->
          throw Fault.at(of.span(), "the size of a text is known only when the program runs");
      case Operand.Octets octets -> size(e.span(), octets.length(), "");
      case Operand.Address address ->
          throw Fault.at(of.span(), "the size of this is known only when the program runs");
    };
  }

  private static Operand size(Span span, long size, String type) {
    if (size < 0) {
      throw Fault.at(span, type + " has no size");
    }
    return Operand.of(new Value.Constant(span, Type.U64, size));
  }

  private Value container(Expression.ContainerOf e) {
    int struct = typeNames.id(e.type());
    if (types.composite(struct) == null) {
      throw Fault.at(e.type().span(), e.type() + " is no struct: container_of names the outer one");
    }
    Value pointer = value(e.pointer());
    if (!(pointer.type() instanceof Type.Pointer)) {
      throw Fault.at(
          pointer.span(),
          "container_of takes a pointer to the member, and this is "
              + types.describe(pointer.type()));
    }
    Operand.Thing inner =
        new Operand.Thing(
            e.span(), new Place(pointer, 0, Optional.empty(), struct, Place.Reach.PROBE), 0, 0);
    for (String name : e.path()) {
      inner = names.select(e.span(), inner, name, e.pathSpan());
    }
    if (inner.bits() > 0) {
      throw Fault.at(e.pathSpan(), "a bitfield has no address that could lead back");
    }
    return access.pointers().outer(e.span(), pointer, inner.place().offset(), struct);
  }
}
