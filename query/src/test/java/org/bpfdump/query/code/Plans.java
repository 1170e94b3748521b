// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.kernel.Target;
import org.bpfdump.query.Span;
import org.bpfdump.query.plan.Cell;
import org.bpfdump.query.plan.Column;
import org.bpfdump.query.plan.Place;
import org.bpfdump.query.plan.Plan;
import org.bpfdump.query.plan.Shown;
import org.bpfdump.query.plan.Text;
import org.bpfdump.query.plan.Type;
import org.bpfdump.query.plan.Value;

/** Plans by hand: the code is tested without what makes plans of text. */
final class Plans {
  static final Span SPAN = new Span(0, 0);

  private final Btf btf;
  private final Target target;
  private final List<Column> columns = new ArrayList<>();
  private Value where;

  Plans(Btf btf, Target target) {
    this.btf = btf;
    this.target = target;
  }

  Plan plan() {
    return new Plan(target, columns, Optional.ofNullable(where), "the condition");
  }

  Plans where(Value value) {
    where = value;
    return this;
  }

  Plans column(String label, Value value) {
    columns.add(new Column(label, label, new Cell.Scalar(value, new Shown.Decimal())));
    return this;
  }

  Plans column(String label, Text text) {
    columns.add(new Column(label, label, new Cell.Characters(text)));
    return this;
  }

  Plans bytes(String label, Place place, int length) {
    columns.add(new Column(label, label, new Cell.Bytes(place, length, new Shown.Hexdump())));
    return this;
  }

  /** An argument of the target. */
  Value argument(String name) {
    for (Target.Argument argument : target.arguments()) {
      if (argument.name().equals(name)) {
        return btf.resolved(argument.typeId()) instanceof BtfType.Ptr(int to)
            ? new Value.ContextPointer(
                SPAN, new Type.Pointer(to), argument.offset(), argument.nullable())
            : new Value.ContextNumber(SPAN, (Type.Int) type(argument.typeId()), argument.offset());
      }
    }
    throw new IllegalArgumentException(target.name() + " has no " + name);
  }

  /** Where a path of members leads to. Pointers on the way are followed. */
  Place place(Value from, String path, Place.Reach reach) {
    Value pointer = from;
    int type = ((Type.Pointer) from.type()).to();
    long offset = 0;
    String[] names = path.split("\\.");
    for (int i = 0; i < names.length; i++) {
      if (btf.resolved(type) instanceof BtfType.Ptr(int to)) {
        Place at = new Place(pointer, offset, Optional.empty(), type, reach);
        pointer = new Value.Load(SPAN, new Type.Pointer(to), at, Optional.empty());
        offset = 0;
        type = to;
      }
      long[] found = member(type, names[i]);
      offset += found[1];
      type = (int) found[0];
    }
    return new Place(pointer, offset, Optional.empty(), type, reach);
  }

  Place place(String argument, String path) {
    return place(argument(argument), path, Place.Reach.DIRECT);
  }

  /** The number or pointer at a path. */
  Value load(Value from, String path, Place.Reach reach) {
    Place place = place(from, path, reach);
    return new Value.Load(SPAN, type(place.type()), place, Optional.empty());
  }

  Value load(String argument, String path) {
    return load(argument(argument), path, Place.Reach.DIRECT);
  }

  Text chars(String argument, String path, Place.Reach reach) {
    Place place = place(argument(argument), path, reach);
    int length = ((BtfType.Array) btf.resolved(place.type())).count();
    return new Text.CharArray(SPAN, place, length);
  }

  private long[] member(int type, String name) {
    BtfType.Composite composite = (BtfType.Composite) btf.resolved(type);
    for (BtfType.Member member : composite.members()) {
      if (member.name().equals(name)) {
        return new long[] {member.type(), member.bitOffset() / 8};
      }
      if (member.name().isEmpty() && btf.resolved(member.type()) instanceof BtfType.Composite) {
        long[] found = member(member.type(), name);
        if (found != null) {
          return new long[] {found[0], found[1] + member.bitOffset() / 8};
        }
      }
    }
    return null;
  }

  Type type(int id) {
    return switch (btf.resolved(id)) {
      case BtfType.Int number -> new Type.Int(number.size(), number.signed(), id);
      case BtfType.Enum number -> new Type.Int(number.size(), number.signed(), id);
      case BtfType.Enum64 number -> new Type.Int(number.size(), number.signed(), id);
      case BtfType.Ptr(int to) -> new Type.Pointer(to);
      default -> throw new IllegalArgumentException("no register holds a " + btf.resolved(id));
    };
  }

  static Value constant(long value) {
    return new Value.Constant(SPAN, Type.INT, value);
  }

  static Value compare(Value left, Value.Compare.Relation relation, Value right) {
    return new Value.Compare(SPAN, relation, true, left, right);
  }

  static Value both(Value left, Value right) {
    return new Value.Both(SPAN, left, right);
  }

  static Value either(Value left, Value right) {
    return new Value.Either(SPAN, left, right);
  }

  static Value not(Value of) {
    return new Value.Not(SPAN, of);
  }

  static Value test(Value.TextTest.Likeness likeness, Text text, String literal) {
    return new Value.TextTest(SPAN, likeness, text, literal);
  }

  static Value binary(Value.Binary.Operator operator, Type.Int type, Value left, Value right) {
    return new Value.Binary(SPAN, type, operator, left, right);
  }

  static Value convert(Type.Int type, Value of) {
    return new Value.Convert(SPAN, type, of);
  }
}
