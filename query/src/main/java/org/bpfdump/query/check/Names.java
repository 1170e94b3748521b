// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import java.util.ArrayList;
import java.util.List;
import org.bpfdump.btf.BtfType;
import org.bpfdump.error.Nearest;
import org.bpfdump.kernel.Target;
import org.bpfdump.query.Span;
import org.bpfdump.query.plan.Place;
import org.bpfdump.query.plan.Type;
import org.bpfdump.query.plan.Value;

/** What a bare name means, and where members are. */
final class Names {
  private static final String META = "meta";

  private final Types types;
  private final Target target;
  private final Members members;
  private final Access access;
  private final Enumerators enumerators;

  Names(Types types, Target target, Access access) {
    this.types = types;
    this.target = target;
    this.members = new Members(types);
    this.access = access;
    this.enumerators = new Enumerators(types);
  }

  Members members() {
    return members;
  }

  Enumerators enumerators() {
    return enumerators;
  }

  /** The argument of this name as a value, or null. */
  Value argument(Span span, String name) {
    for (Target.Argument argument : target.arguments()) {
      if (argument.name().equals(name)) {
        return argument(span, argument);
      }
    }
    return null;
  }

  private Value argument(Span span, Target.Argument argument) {
    return switch (types.scalar(argument.typeId())) {
      case Type.Pointer type ->
          new Value.ContextPointer(span, type, argument.offset(), argument.nullable());
      case Type.Int type -> new Value.ContextNumber(span, type, argument.offset());
      case null ->
          throw Fault.at(
              span, argument.name() + " is " + argument.type() + ", which a query cannot read");
    };
  }

  /** A bare name. */
  Operand resolve(Span span, String name) {
    Value argument = argument(span, name);
    if (argument != null) {
      return Operand.of(argument);
    }
    Operand member = member(span, name);
    if (member != null) {
      return member;
    }
    switch (name) {
      case "NULL" -> {
        return Operand.of(new Value.Constant(span, new Type.Pointer(0), 0));
      }
      case "true", "false" -> {
        return Operand.of(new Value.Constant(span, Type.INT, name.equals("true") ? 1 : 0));
      }
      default -> {
        Value constant = enumerators.constant(span, name);
        if (constant != null) {
          return Operand.of(constant);
        }
      }
    }
    throw unknown(span, name);
  }

  /** A member of the one object that has it, or null. */
  private Operand member(Span span, String name) {
    Target.Argument owner = null;
    for (Target.Argument argument : objects()) {
      if (members.find(pointee(argument), name) != null) {
        if (owner != null) {
          throw Fault.at(
              span,
              name
                  + " is a member of both "
                  + owner.name()
                  + " and "
                  + argument.name()
                  + ": write "
                  + owner.name()
                  + "."
                  + name
                  + " or "
                  + argument.name()
                  + "."
                  + name);
        }
        owner = argument;
      }
    }
    if (owner == null) {
      return null;
    }
    return select(span, access.pointers().follow(span, argument(span, owner)), name, span);
  }

  /** The members that a bare name finds: of one object and of no other, and no argument's name. */
  List<Members.Found> bare() {
    List<Members.Found> found = new ArrayList<>();
    List<Target.Argument> objects = objects();
    for (Target.Argument owner : objects) {
      for (Members.Found member : members.all(pointee(owner))) {
        boolean alone = argument(new Span(0, 0), member.name()) == null;
        for (Target.Argument other : objects) {
          alone &= other.equals(owner) || members.find(pointee(other), member.name()) == null;
        }
        if (alone) {
          found.add(member);
        }
      }
    }
    return found;
  }

  /** The arguments that are structs, {@code meta} left out. */
  private List<Target.Argument> objects() {
    List<Target.Argument> objects = new ArrayList<>();
    for (Target.Argument argument : target.arguments()) {
      if (!argument.name().equals(META) && pointee(argument) != 0) {
        objects.add(argument);
      }
    }
    return objects;
  }

  private int pointee(Target.Argument argument) {
    return types.resolved(argument.typeId()) instanceof BtfType.Ptr pointer
            && types.composite(pointer.type()) != null
        ? types.resolve(pointer.type())
        : 0;
  }

  /** {@code of.name}, in memory. */
  Operand.Thing select(Span span, Operand.Thing of, String name, Span nameSpan) {
    int struct = of.place().type();
    if (types.composite(struct) == null) {
      throw Fault.at(
          nameSpan,
          types.resolved(struct) instanceof BtfType.Fwd
              ? types.describe(struct) + " is declared and not defined in this kernel's types"
              : types.describe(struct) + " has no members");
    }
    Members.Found found = members.find(struct, name);
    if (found == null) {
      throw Fault.missing(
          nameSpan,
          types.describe(struct)
              + " has no member "
              + name
              + " on this kernel"
              + hint(struct, name));
    }
    long offset = of.place().offset() + found.bit() / 8;
    return new Operand.Thing(
        span,
        new Place(
            of.place().pointer(), offset, of.place().index(), found.type(), Place.Reach.PROBE),
        (int) (found.bit() % 8),
        found.bits());
  }

  private String hint(int struct, String name) {
    return hint(List.of(struct), members.names(struct), name);
  }

  /** What is written nearly so, else where it is inside of a struct, else what is written so. */
  private String hint(List<Integer> structs, List<String> near, String name) {
    for (String other : near) {
      if (Nearest.distance(name, other) <= 1 && !other.startsWith(name)) {
        return Nearest.hint(name, near, "");
      }
    }
    for (int struct : structs) {
      String inside = members.inside(struct, name);
      if (!inside.isEmpty()) {
        return ": did you mean " + inside + "." + name + "?";
      }
    }
    return Nearest.hint(name, near, "");
  }

  private Fault unknown(Span span, String name) {
    List<String> near = new ArrayList<>();
    StringBuilder places = new StringBuilder();
    for (Target.Argument argument : target.arguments()) {
      if (!argument.name().equals(META)) {
        near.add(argument.name());
        places.append(places.isEmpty() ? "" : ", ").append(argument.name());
      }
    }
    List<Integer> structs = new ArrayList<>();
    for (Target.Argument argument : objects()) {
      structs.add(pointee(argument));
      near.addAll(members.names(pointee(argument)));
    }
    String hint = hint(structs, near, name);
    hint = hint.isEmpty() ? Nearest.hint(name, enumerators.names(), "") : hint;
    return Fault.missing(
        span,
        "nothing on this kernel is named "
            + name
            + (hint.isEmpty()
                ? ": it is no argument of "
                    + target.path()
                    + " ("
                    + places
                    + "), no member of one, and no constant of an enum"
                : hint));
  }
}
