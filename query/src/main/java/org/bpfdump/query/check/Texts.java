// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import java.nio.charset.StandardCharsets;
import org.bpfdump.btf.BtfType;
import org.bpfdump.query.Span;
import org.bpfdump.query.plan.Text;
import org.bpfdump.query.plan.Type;
import org.bpfdump.query.plan.Value;
import org.bpfdump.query.plan.Value.TextTest.Likeness;
import org.bpfdump.query.syntax.BinaryOperator;

/** Characters in the kernel's memory, and questions about them. */
final class Texts {
  /** Bytes that the shorter one of two texts can have which are compared. */
  private static final int LONGEST_COMPARED = 64;

  private final Types types;
  private final Access access;
  private final Addresses addresses;

  Texts(Types types, Access access, Arithmetic arithmetic) {
    this.types = types;
    this.access = access;
    this.addresses = new Addresses(types, access, arithmetic);
  }

  /** What is a text without being asked: {@code char[]} and {@code const char *}; else null. */
  Text obvious(Operand operand) {
    return switch (operand) {
      case Operand.Words words -> words.text();
      case Operand.Thing thing -> {
        if (thing.bits() > 0) {
          yield null;
        }
        if (types.resolved(thing.place().type()) instanceof BtfType.Array array) {
          yield types.character(array.element()) ? array(thing, array, Text.LONGEST) : null;
        }
        yield types.resolved(thing.place().type()) instanceof BtfType.Ptr pointer
                && string(pointer.type())
            ? new Text.StringAt(thing.span(), access.load(thing), Text.LONGEST)
            : null;
      }
      case Operand.Scalar scalar ->
          scalar.shown().isEmpty()
                  && scalar.value().type() instanceof Type.Pointer pointer
                  && string(pointer.to())
              ? new Text.StringAt(scalar.span(), scalar.value(), Text.LONGEST)
              : null;
      case Operand.Octets octets -> null;
      case Operand.Address address -> null;
    };
  }

  /** Whether a pointer to this is one to a string by its declaration. */
  private boolean string(int to) {
    return to != 0 && types.character(to) && types.constant(to);
  }

  /** An array as text: its own length, or until the NUL where it has none. */
  Text array(Operand.Thing thing, BtfType.Array array, int max) {
    long count = Integer.toUnsignedLong(array.count());
    if (count == 0 || thing.place().index().isPresent()) {
      int most = count == 0 ? max : (int) Math.min(max, count + 1);
      return new Text.StringAt(thing.span(), access.load(thing), most);
    }
    int length = (int) Math.min(count, max);
    return new Text.CharArray(thing.span(), access.whole(thing.place(), length), length);
  }

  /** The comparison of a text, or null when neither side is one. */
  Value test(Span span, BinaryOperator operator, Operand left, Operand right) {
    Likeness likeness =
        switch (operator) {
          case EQUAL, NOT_EQUAL -> Likeness.IS;
          case BEGINS -> Likeness.BEGINS;
          case CONTAINS -> Likeness.CONTAINS;
          default -> null;
        };
    String l = literal(left);
    String r = literal(right);
    if (likeness == null) {
      if (l != null || r != null) {
        throw Fault.at(
            span, operator.symbol() + " takes no text: == != ^= (begins with) *= (contains) do");
      }
      return null;
    }
    boolean asks = likeness != Likeness.IS;
    if (l == null && r == null) {
      if (asks) {
        throw Fault.at(right.span(), operator.symbol() + " asks for a text in double quotes");
      }
      number(left, right);
      number(right, left);
      if (!characters(left) && !characters(right)) {
        return null;
      }
      Value same = same(span, text(left), text(right));
      return operator == BinaryOperator.NOT_EQUAL ? new Value.Not(span, same) : same;
    }
    if (r == null && asks) {
      throw Fault.at(left.span(), "the text in quotes is on the right of " + operator.symbol());
    }
    Operand other = r == null ? right : left;
    String words = r == null ? l : r;
    Value test = asks ? null : addresses.same(span, other, words);
    if (test == null) {
      test = test(span, likeness, text(other), words);
    }
    return operator == BinaryOperator.NOT_EQUAL ? new Value.Not(span, test) : test;
  }

  /** {@code "@" + text}, or null when that is not what it is. */
  Text join(Span span, BinaryOperator operator, Operand left, Operand right) {
    String before = literal(left);
    boolean joins = operator == BinaryOperator.ADD && before != null && literal(right) == null;
    Text after = joins ? obvious(right) : null;
    if (after == null) {
      return null;
    }
    if (before.length() > LONGEST_COMPARED) {
      throw Fault.at(
          left.span(), "a text before another has at most " + LONGEST_COMPARED + " characters");
    }
    return new Text.Joined(span, before, after);
  }

  /** One of two texts, or null when neither side is more of a text than a pointer is. */
  Text choose(Span span, Value condition, Operand yes, Operand no) {
    return characters(yes) || characters(no)
        ? new Text.Choice(span, condition, side(yes), side(no))
        : null;
  }

  /** A text, or NULL for none. */
  private Text side(Operand operand) {
    boolean none =
        operand instanceof Operand.Scalar(Value.Constant constant, var _)
            && constant.type() instanceof Type.Pointer
            && constant.value() == 0;
    if (none) {
      return new Text.StringAt(operand.span(), ((Operand.Scalar) operand).value(), 1);
    }
    if (operand instanceof Operand.Scalar scalar
        && scalar.value().type() instanceof Type.Int type) {
      throw Fault.at(
          operand.span(), "one side of : is a text, and this is " + types.describe(type));
    }
    return text(operand);
  }

  /** Whether it is nothing but a text: no pointer, of which more can be asked. */
  private boolean characters(Operand operand) {
    return operand instanceof Operand.Words
        || (operand instanceof Operand.Thing thing
            && types.resolved(thing.place().type()) instanceof BtfType.Array
            && obvious(operand) != null);
  }

  private Value same(Span span, Text left, Text right) {
    if (left instanceof Text.Choice choice) {
      return new Value.Choose(
          span,
          Type.INT,
          choice.condition(),
          same(span, choice.yes(), right),
          same(span, choice.no(), right));
    }
    if (right instanceof Text.Choice) {
      return same(span, right, left);
    }
    if (left instanceof Text.Literal literal) {
      return test(span, Likeness.IS, right, literal.value());
    }
    if (right instanceof Text.Literal literal) {
      return test(span, Likeness.IS, left, literal.value());
    }
    int most = Math.min(most(left), most(right));
    if (most > LONGEST_COMPARED) {
      throw Fault.at(
          span,
          "one of two texts that are compared has at most "
              + LONGEST_COMPARED
              + " bytes: write str(..., "
              + LONGEST_COMPARED
              + ") where that is enough");
    }
    return new Value.TextSame(span, left, right, most);
  }

  /** Bytes that a text can have, without its NUL. */
  private static int most(Text text) {
    return switch (text) {
      case Text.CharArray array -> array.length();
      case Text.StringAt string -> string.max() - 1;
      case Text.Counted counted -> counted.max() - 1;
      case Text.Literal _, Text.PathOf _, Text.SymbolAt _, Text.Choice _, Text.Joined _ ->
          Text.LONGEST - 1;
    };
  }

  /** Refuses to compare an array of characters with a number. */
  private void number(Operand text, Operand number) {
    boolean characters = characters(text);
    Type type =
        number instanceof Operand.Scalar scalar
            ? scalar.value().type()
            : number instanceof Operand.Thing thing ? types.scalar(thing.place().type()) : null;
    if (characters && type instanceof Type.Int) {
      throw Fault.at(
          number.span(),
          "compares a text with "
              + types.describe(type)
              + ": a text is compared with one in double quotes");
    }
  }

  private static String literal(Operand operand) {
    return operand instanceof Operand.Words words && words.text() instanceof Text.Literal literal
        ? literal.value()
        : null;
  }

  private Value test(Span span, Likeness likeness, Text text, String words) {
    if (text instanceof Text.Choice choice) {
      return new Value.Choose(
          span,
          Type.INT,
          choice.condition(),
          test(span, likeness, choice.yes(), words),
          test(span, likeness, choice.no(), words));
    }
    if (text instanceof Text.Literal literal) {
      boolean holds =
          switch (likeness) {
            case IS -> literal.value().equals(words);
            case BEGINS -> literal.value().startsWith(words);
            case CONTAINS -> literal.value().contains(words);
          };
      return new Value.Constant(span, Type.INT, holds ? 1 : 0);
    }
    int bytes = words.getBytes(StandardCharsets.UTF_8).length;
    if (text instanceof Text.CharArray array && bytes > array.length()) {
      throw Fault.at(
          span,
          "the text has "
              + bytes
              + " bytes and is compared with one that has at most "
              + array.length());
    }
    return new Value.TextTest(span, likeness, text, words);
  }

  /** What is compared with a text: also a {@code char *}, which says too little elsewhere. */
  private Text text(Operand operand) {
    Text text = obvious(operand);
    if (text != null) {
      return text;
    }
    Value value = operand instanceof Operand.Scalar scalar ? scalar.value() : null;
    if (operand instanceof Operand.Thing thing) {
      value = access.load(thing);
    }
    if (value == null) {
      throw Fault.at(operand.span(), "this is no text, and is compared with one");
    }
    if (value.type() instanceof Type.Pointer pointer
        && pointer.to() != 0
        && types.character(pointer.to())) {
      return new Text.StringAt(operand.span(), value, Text.LONGEST);
    }
    throw Fault.at(
        operand.span(),
        "compares "
            + types.describe(value.type())
            + " with a text"
            + (value.type() instanceof Type.Pointer
                ? ": if it points to one, write str(...)"
                : ": write the number, or a character between single quotes"));
  }
}
