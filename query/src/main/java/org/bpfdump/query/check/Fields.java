// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import java.util.ArrayList;
import java.util.List;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.kernel.Target;
import org.bpfdump.query.Span;
import org.bpfdump.query.plan.Place;
import org.bpfdump.query.plan.Type;
import org.bpfdump.query.plan.Value;
import org.bpfdump.query.syntax.QueryText;

/** What there is to select on one target of one kernel. Not for several threads at once. */
public final class Fields {
  private final Types types;
  private final Target target;
  private final Access access;
  private final Names names;
  private final Expressions expressions;

  /**
   * @param btf the types of the kernel, or of the module that has the target, over the kernel's
   * @param target what is walked
   */
  public Fields(Btf btf, Target target) {
    this.types = new Types(btf);
    this.target = target;
    this.access = new Access(types);
    this.names = new Names(types, target, access);
    this.expressions = new Expressions(types, names, access);
  }

  /** How something is read. */
  public enum Reading {
    /** The target hands it over. */
    GIVEN,
    /** By a load: the verifier knows what is there. */
    DIRECT,
    /** By a copy from any address, which can be torn. */
    PROBE
  }

  /**
   * Something that can be selected.
   *
   * @param name its name
   * @param declaration its C declaration, {@code struct mm_struct *mm} or {@code unsigned int x:1}
   * @param reading how it is read; of a struct or array, its beginning
   * @param members whether there are members to select from it, perhaps by following it
   */
  public record Field(String name, String declaration, Reading reading, boolean members) {}

  /** What the target hands over. */
  public List<Field> arguments() {
    List<Field> fields = new ArrayList<>();
    for (Target.Argument argument : target.arguments()) {
      fields.add(
          new Field(
              argument.name(),
              types.declare(argument.typeId(), argument.name()),
              Reading.GIVEN,
              members(argument.typeId())));
    }
    return fields;
  }

  /**
   * The members of what a path leads to, those of members without a name included; where there are
   * none, that alone.
   *
   * @throws org.bpfdump.error.QueryException when the path leads nowhere
   */
  public List<Field> of(QueryText.Source path) {
    try {
      return list(path);
    } catch (Fault fault) {
      throw Checker.error(fault, path);
    }
  }

  /** Names that can stand alone, with a point after those that have members. */
  List<String> bare() {
    List<String> bare = new ArrayList<>();
    for (Target.Argument argument : target.arguments()) {
      bare.add(argument.name() + (members(argument.typeId()) ? "." : ""));
    }
    for (Members.Found member : names.bare()) {
      bare.add(member.name() + (members(member.type()) ? "." : ""));
    }
    return bare;
  }

  /** Names of the kernel's enumerators. */
  List<String> constants() {
    return names.enumerators().names();
  }

  /** The members of what a path leads to, with a point after those that have some themselves. */
  List<String> members(QueryText.Source path) {
    List<String> found = new ArrayList<>();
    try {
      Operand operand = expressions.operand(path.expression());
      Operand.Thing object = object(path.expression().span(), operand);
      if (object != null) {
        for (Members.Found member : names.members().all(object.place().type())) {
          found.add(member.name() + (members(member.type()) ? "." : ""));
        }
      }
    } catch (Fault fault) {
      throw Checker.error(fault, path);
    }
    return found;
  }

  private List<Field> list(QueryText.Source path) {
    Span span = path.expression().span();
    Operand operand = expressions.operand(path.expression());
    Operand.Thing object = object(span, operand);
    List<Field> fields = new ArrayList<>();
    if (object != null) {
      int struct = object.place().type();
      for (Members.Found member : names.members().all(struct)) {
        Operand.Thing thing = names.select(span, object, member.name(), span);
        fields.add(field(member.name(), thing));
      }
      return fields;
    }
    String written = path.text().substring(span.start(), span.end());
    if (operand instanceof Operand.Thing thing) {
      fields.add(field(written, thing));
    } else if (operand instanceof Operand.Scalar scalar
        && (scalar.value() instanceof Value.ContextNumber
            || scalar.value() instanceof Value.ContextPointer)) {
      String type = types.describe(scalar.value().type());
      fields.add(new Field(written, type, Reading.GIVEN, false));
    } else {
      throw Fault.at(span, "this is computed: only what is in memory has fields");
    }
    return fields;
  }

  /** The struct that a path is or points to; null for anything else. */
  private Operand.Thing object(Span span, Operand operand) {
    Value pointer = null;
    if (operand instanceof Operand.Thing thing && thing.bits() == 0) {
      int type = thing.place().type();
      if (types.composite(type) != null) {
        return thing;
      }
      if (types.resolved(type) instanceof BtfType.Ptr) {
        pointer = access.load(thing);
      }
    } else if (operand instanceof Operand.Scalar scalar) {
      pointer = scalar.value();
    }
    return pointer != null
            && pointer.type() instanceof Type.Pointer type
            && type.to() != 0
            && types.composite(type.to()) != null
        ? access.pointers().follow(span, pointer)
        : null;
  }

  private Field field(String name, Operand.Thing thing) {
    int type = thing.place().type();
    String bits = thing.bits() > 0 ? ":" + thing.bits() : "";
    String last = name.substring(name.lastIndexOf('.') + 1);
    return new Field(
        name,
        types.declare(type, last) + bits,
        reach(thing) == Place.Reach.DIRECT ? Reading.DIRECT : Reading.PROBE,
        members(type));
  }

  private Place.Reach reach(Operand.Thing thing) {
    Operand.Thing first = first(thing);
    if (types.size(first.place().type()) <= 0 || types.scalar(first.place().type()) == null) {
      return access.reach(first.place());
    }
    return access.load(first) instanceof Value.Load load ? load.place().reach() : Place.Reach.PROBE;
  }

  /** What a struct or array begins with. */
  private Operand.Thing first(Operand.Thing thing) {
    Operand.Thing at = thing;
    for (int depth = 0; depth < Types.DEEPEST && at.bits() == 0; depth++) {
      Place place = at.place();
      if (types.resolved(place.type()) instanceof BtfType.Array array) {
        at = new Operand.Thing(at.span(), of(place, array.element()), 0, 0);
      } else if (types.resolved(place.type()) instanceof BtfType.Composite composite
          && !composite.members().isEmpty()) {
        BtfType.Member member = composite.members().getFirst();
        at = new Operand.Thing(at.span(), of(place, member.type()), 0, member.bitfieldSize());
      } else {
        break;
      }
    }
    return at;
  }

  private static Place of(Place place, int type) {
    return new Place(place.pointer(), place.offset(), place.index(), type, Place.Reach.PROBE);
  }

  private boolean members(int type) {
    return switch (types.resolved(type)) {
      case BtfType.Composite composite -> true;
      case BtfType.Ptr pointer -> types.composite(pointer.type()) != null;
      case BtfType other -> false;
    };
  }
}
