// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import java.nio.ByteOrder;
import java.util.Optional;
import org.bpfdump.btf.BtfType;
import org.bpfdump.query.Span;
import org.bpfdump.query.plan.Place;
import org.bpfdump.query.plan.Place.Reach;
import org.bpfdump.query.plan.Type;
import org.bpfdump.query.plan.Value;

/** Reads of memory: what a pointer leads to, and by which means it is read. */
final class Access {
  private final Types types;
  private final Walk walk;
  private final Pointers pointers;

  Access(Types types) {
    this.types = types;
    this.walk = new Walk(types);
    this.pointers = new Pointers(types, this);
  }

  Pointers pointers() {
    return pointers;
  }

  /** What the verifier knows of a pointer. */
  Known known(Value pointer) {
    return switch (pointer) {
      case Value.ContextPointer p when types.composite(p.type().to()) != null ->
          new Known.Struct(types.resolve(p.type().to()), true);
      case Value.ContextPointer p when p.type().to() == 0 -> Known.BUFFER;
      case Value.Load load when load.type() instanceof Type.Pointer -> loaded(load.place());
      case Value.Retyped r ->
          switch (r.means()) {
            case Value.Means.Untold untold -> untyped(known(r.of()));
            case Value.Means.Cast cast -> new Known.Struct(types.resolve(r.type().to()), false);
            case Value.Means.Helper helper -> new Known.Struct(types.resolve(r.type().to()), true);
          };
      case Value other -> Known.NOTHING;
    };
  }

  /** A pointer that is now said to point to something else, without the verifier's knowing. */
  private static Known untyped(Known before) {
    return switch (before) {
      case Known.Buffer buffer -> buffer;
      case Known.Memory memory -> memory;
      case Known.Elsewhere elsewhere -> elsewhere;
      case Known.Struct struct -> Known.NOTHING;
      case Known.Nothing nothing -> nothing;
    };
  }

  private Known loaded(Place place) {
    if (place.reach() != Reach.DIRECT || !(known(place.pointer()) instanceof Known.Struct root)) {
      return Known.NOTHING;
    }
    return switch (walk.load(root.id(), place.offset(), 8)) {
      // What the verifier trusts less it trusts no more from there on.
      case Walk.Answer.Pointer p -> new Known.Struct(p.struct(), p.trusted() && root.trusted());
      case Walk.Answer.Memory m -> Known.MEMORY;
      case Walk.Answer.Elsewhere e -> new Known.Elsewhere(e.tag());
      case Walk.Answer.Plain n -> Known.NOTHING;
      case Walk.Answer.Refused r -> Known.NOTHING;
    };
  }

  /**
   * How so many bytes at a place are read.
   *
   * @param number whether a number is wanted: in a union the verifier may take it for a pointer,
   *     with which a program cannot compute
   */
  private Reach reach(Place place, long size, boolean number) {
    if (place.index().isPresent() || place.offset() < 0) {
      return Reach.PROBE;
    }
    return switch (known(place.pointer())) {
      case Known.Buffer buffer -> Reach.DIRECT;
      case Known.Memory memory -> Reach.DIRECT;
      case Known.Struct root -> reach(walk.load(root.id(), place.offset(), size), number);
      case Known.Nothing nothing -> Reach.PROBE;
      case Known.Elsewhere elsewhere -> Reach.PROBE;
    };
  }

  private static Reach reach(Walk.Answer answer, boolean number) {
    return switch (answer) {
      case Walk.Answer.Refused a -> Reach.PROBE;
      case Walk.Answer.Plain a -> Reach.DIRECT;
      case Walk.Answer.Pointer a -> number ? Reach.PROBE : Reach.DIRECT;
      case Walk.Answer.Memory a -> number ? Reach.PROBE : Reach.DIRECT;
      case Walk.Answer.Elsewhere a -> number ? Reach.PROBE : Reach.DIRECT;
    };
  }

  /** The place with the reach of what begins there. */
  Place located(Place place) {
    return with(place, place.type(), place.offset(), reach(place));
  }

  /** Whether loads reach what begins at a place. */
  Reach reach(Place place) {
    Reach word = reach(place, 8, false);
    return word == Reach.DIRECT ? word : reach(place, 1, false);
  }

  /** Whether helpers take the address of this place. */
  boolean trusted(Place place) {
    return place.index().isEmpty()
        && known(place.pointer()) instanceof Known.Struct root
        && root.trusted()
        && place.offset() >= 0;
  }

  /** The place with its reach, when all of so many bytes are read, in aligned words. */
  Place whole(Place place, long length) {
    Reach reach = Reach.DIRECT;
    long at = place.offset();
    long end = at + length;
    while (at < end && reach == Reach.DIRECT) {
      long word = 8;
      while (at % word != 0 || word > end - at) {
        word /= 2;
      }
      Place part = new Place(place.pointer(), at, place.index(), place.type(), Reach.PROBE);
      reach = reach(part, word, true);
      at += word;
    }
    return with(place, place.type(), place.offset(), length == 0 ? Reach.PROBE : reach);
  }

  /** The place, read as a whole number. */
  Place placed(Place place, int type, long offset) {
    Place moved = with(place, type, offset, Reach.PROBE);
    boolean number = types.scalar(type) instanceof Type.Int;
    return with(moved, type, offset, reach(moved, types.size(type), number));
  }

  private static Place with(Place place, int type, long offset, Reach reach) {
    return new Place(place.pointer(), offset, place.index(), type, reach);
  }

  /** The number or address that is there, or null when that fits no register. */
  Value load(Operand.Thing thing) {
    Span span = thing.span();
    Place place = thing.place();
    if (thing.bits() > 0) {
      return bits(thing);
    }
    Type type = types.scalar(place.type());
    if (type != null) {
      return new Value.Load(
          span, type, placed(place, place.type(), place.offset()), Optional.empty());
    }
    if (types.resolved(place.type()) instanceof BtfType.Array array) {
      return new Value.AddressOf(span, new Type.Pointer(array.element()), located(place));
    }
    int only = types.only(place.type());
    return only == 0
        ? null
        : new Value.Load(
            span, types.scalar(only), placed(place, only, place.offset()), Optional.empty());
  }

  /**
   * A bitfield, in the smallest unit that has all of it and that the verifier lets be loaded; where
   * it lets none, in the smallest.
   */
  private Value bits(Operand.Thing thing) {
    Place place = thing.place();
    long first = place.offset() * 8 + thing.bit();
    long last = first + thing.bits() - 1;
    Place unit = null;
    int bytes = 0;
    for (int size = 1; size <= 8; size *= 2) {
      long start = Math.floorDiv(first / 8, size) * size;
      if (last / 8 < start + size) {
        Place candidate = placed(place, types.unit(size), start);
        if (unit == null || candidate.reach() == Reach.DIRECT) {
          unit = candidate;
          bytes = size;
        }
        if (unit.reach() == Reach.DIRECT) {
          break;
        }
      }
    }
    if (unit == null) {
      throw Fault.at(thing.span(), "the bitfield lies across two words: no register holds it");
    }
    int before = (int) (first - unit.offset() * 8);
    boolean little = types.btf().order() == ByteOrder.LITTLE_ENDIAN;
    int shift = little ? before : 8 * bytes - before - thing.bits();
    return new Value.Load(
        thing.span(),
        types.scalar(place.type()),
        unit,
        Optional.of(new Value.Bits(shift, thing.bits())));
  }
}
