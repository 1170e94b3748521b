// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bpfdump.query.plan.Place;
import org.bpfdump.query.plan.Text;
import org.bpfdump.query.plan.Type;
import org.bpfdump.query.plan.Value;

/** What is known of values before there is code. */
final class Facts {
  /** Costs, in about the instructions that they stand for. */
  private static final int CALL = 40;

  private static final int LONG_TEXT = 2000;

  private final Set<Place> demoted;
  private final int checked;

  /**
   * @param demoted places that are to be probed whatever the plan says
   * @param checked offset of the context's pointer that is known not to be NULL
   */
  Facts(Set<Place> demoted, int checked) {
    this.demoted = demoted;
    this.checked = checked;
  }

  /** How a place is read in the end. */
  Place.Reach reach(Place place) {
    return place.reach() == Place.Reach.DIRECT
            && place.index().isEmpty()
            && !demoted.contains(place)
            && typed(place.pointer())
        ? Place.Reach.DIRECT
        : Place.Reach.PROBE;
  }

  boolean direct(Place place) {
    return reach(place) == Place.Reach.DIRECT;
  }

  /** Whether the verifier knows a value for a pointer to something it has a type of. */
  boolean typed(Value value) {
    return switch (value) {
      case Value.ContextPointer _ -> true;
      case Value.Load load -> load.type() instanceof Type.Pointer && direct(load.place());
      case Value.AddressOf(_, _, Place place) -> place.index().isEmpty() && typed(place.pointer());
      case Value.Retyped retyped ->
          switch (retyped.means()) {
            // A map's key, or memory without a type: still what it was.
            case Value.Means.Untold _ -> typed(retyped.of());
            case Value.Means.Cast _, Value.Means.Helper _ -> true;
          };
      case Value.Choose choose -> typed(choose.yes()) && typed(choose.no());
      default -> false;
    };
  }

  /** Whether a register with it may hold what the verifier does not compute with. */
  boolean address(Value value) {
    return switch (value) {
      case Value.ContextPointer _ -> true;
      case Value.Load load -> load.type() instanceof Type.Pointer && direct(load.place());
      case Value.AddressOf(_, _, Place place) -> address(place.pointer());
      case Value.Retyped retyped ->
          !(retyped.means() instanceof Value.Means.Untold) || address(retyped.of());
      case Value.Choose choose -> address(choose.yes()) || address(choose.no());
      default -> false;
    };
  }

  /** Whether a pointer is compared with 0 before it is followed. */
  boolean checks(Value pointer) {
    return pointer.mayBeNull()
        && !(pointer instanceof Value.ContextPointer given && given.offset() == checked);
  }

  /** Whether a value can be NULL. */
  boolean nullable(Value value) {
    return switch (value) {
      case Value.Load load -> !direct(load.place()) || nullable(load.place());
      case Value.AddressOf address -> nullable(address.place());
      case Value.Binary binary ->
          fails(binary) || nullable(binary.left()) || nullable(binary.right());
      case Value.TextTest test -> Texts.scratch(test) || nullable(test.text());
      case Value.TextSame _, Value.PerCpu _ -> true;
      default -> {
        for (Value part : parts(value)) {
          if (nullable(part)) {
            yield true;
          }
        }
        yield false;
      }
    };
  }

  /** Whether an operator can give NULL of numbers. */
  static boolean fails(Value.Binary binary) {
    boolean constant = binary.right() instanceof Value.Constant;
    long right = binary.right() instanceof Value.Constant(_, _, long value) ? value : 0;
    return switch (binary.operator()) {
      case DIVIDE, REMAINDER -> !constant || right == 0;
      case SHIFT_LEFT, SHIFT_RIGHT -> !constant || right < 0 || right >= 8L * binary.type().bytes();
      case MULTIPLY, ADD, SUBTRACT, AND, XOR, OR -> false;
    };
  }

  boolean nullable(Place place) {
    return place.index().isPresent() || checks(place.pointer()) || nullable(place.pointer());
  }

  boolean nullable(Text text) {
    return switch (text) {
      case Text.CharArray(_, Place place, _) -> !direct(place) || nullable(place);
      case Text.Literal _ -> false;
      // What is made in a map is copied there, which can fail.
      case Text.StringAt _,
          Text.PathOf _,
          Text.SymbolAt _,
          Text.Counted _,
          Text.Choice _,
          Text.Joined _ ->
          true;
    };
  }

  /** Whether computing a value calls something, so that R0 to R5 are lost. */
  boolean calls(Value value) {
    boolean itself =
        switch (value) {
          case Value.Load load -> !direct(load.place());
          case Value.Retyped retyped -> !(retyped.means() instanceof Value.Means.Untold);
          case Value.Clock _, Value.PerCpu _ -> true;
          // Direct comparisons call nothing, but use more registers than are worth to count.
          case Value.TextTest _, Value.TextSame _ -> true;
          default -> false;
        };
    if (itself) {
      return true;
    }
    for (Value part : parts(value)) {
      if (calls(part)) {
        return true;
      }
    }
    return false;
  }

  /** About how long a value takes. */
  int cost(Value value) {
    int cost =
        switch (value) {
          case Value.Load load -> direct(load.place()) ? 3 : CALL;
          case Value.Retyped retyped -> retyped.means() instanceof Value.Means.Helper ? CALL : 2;
          case Value.Clock _ -> CALL;
          case Value.PerCpu _ -> 3 * CALL;
          case Value.TextTest test -> cost(test);
          case Value.TextSame same ->
              2 * CALL + (Texts.roomy(same.left()) || Texts.roomy(same.right()) ? LONG_TEXT : 0);
          default -> 1;
        };
    for (Value part : parts(value)) {
      cost += cost(part);
    }
    return cost;
  }

  private int cost(Value.TextTest test) {
    boolean search = test.likeness() == Value.TextTest.Likeness.CONTAINS;
    return switch (test.text()) {
      case Text.CharArray(_, Place place, int length) ->
          (direct(place) ? 10 : CALL) + (search ? 4 * length : 0);
      case Text.StringAt(_, _, int max) -> 2 * CALL + (search ? max : 0);
      case Text.PathOf _, Text.SymbolAt _, Text.Choice _, Text.Counted _, Text.Joined _ ->
          LONG_TEXT;
      case Text.Literal _ -> 1;
    };
  }

  /** Whether a value is computed by going one of several ways. */
  static boolean branches(Value value) {
    boolean itself =
        switch (value) {
          case Value.Compare _,
              Value.TextTest _,
              Value.TextSame _,
              Value.Not _,
              Value.Both _,
              Value.Either _,
              Value.Choose _ ->
              true;
          default -> false;
        };
    if (itself) {
      return true;
    }
    for (Value part : parts(value)) {
      if (branches(part)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a value needs the room that a map has for long texts. */
  boolean scratch(Value value) {
    boolean itself =
        switch (value) {
          case Value.TextTest test -> Texts.scratch(test);
          case Value.TextSame same -> Texts.roomy(same.left()) || Texts.roomy(same.right());
          default -> false;
        };
    if (itself) {
      return true;
    }
    for (Value part : parts(value)) {
      if (scratch(part)) {
        return true;
      }
    }
    return false;
  }

  /** What a value is computed from. */
  static List<Value> parts(Value value) {
    return switch (value) {
      case Value.Constant _, Value.ContextNumber _, Value.ContextPointer _, Value.Clock _ ->
          List.of();
      case Value.Load load -> parts(load.place());
      case Value.AddressOf address -> parts(address.place());
      case Value.Retyped retyped -> List.of(retyped.of());
      case Value.PerCpu each -> List.of(each.pointer(), each.cpu());
      case Value.Unary unary -> List.of(unary.of());
      case Value.Binary binary -> List.of(binary.left(), binary.right());
      case Value.Compare compare -> List.of(compare.left(), compare.right());
      case Value.TextTest test -> parts(test.text());
      case Value.TextSame same -> parts(same.left(), same.right());
      case Value.Not not -> List.of(not.of());
      case Value.Both both -> List.of(both.left(), both.right());
      case Value.Either either -> List.of(either.left(), either.right());
      case Value.Choose choose -> List.of(choose.condition(), choose.yes(), choose.no());
      case Value.Convert convert -> List.of(convert.of());
    };
  }

  static List<Value> parts(Place place) {
    List<Value> parts = new ArrayList<>();
    parts.add(place.pointer());
    if (place.index().isPresent()) {
      parts.add(place.index().get().index());
    }
    return parts;
  }

  static List<Value> parts(Text text) {
    return switch (text) {
      case Text.CharArray(_, Place place, _) -> parts(place);
      case Text.StringAt(_, Value pointer, _) -> List.of(pointer);
      case Text.PathOf(_, Place path) -> parts(path);
      case Text.SymbolAt(_, Value address) -> List.of(address);
      case Text.Counted(_, Value pointer, Value length, _) -> List.of(pointer, length);
      case Text.Joined joined -> parts(joined.after());
      case Text.Choice choice -> {
        List<Value> parts = parts(choice.yes(), choice.no());
        parts.add(choice.condition());
        yield parts;
      }
      case Text.Literal _ -> List.of();
    };
  }

  private static List<Value> parts(Text left, Text right) {
    List<Value> parts = new ArrayList<>(parts(left));
    parts.addAll(parts(right));
    return parts;
  }
}
