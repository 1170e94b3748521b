// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import java.util.Optional;
import org.bpfdump.btf.BtfType;
import org.bpfdump.query.Span;
import org.bpfdump.query.plan.Place;
import org.bpfdump.query.plan.Place.Reach;
import org.bpfdump.query.plan.Type;
import org.bpfdump.query.plan.Value;

/** Pointers that are followed, moved, and said to point to something else. */
final class Pointers {
  private static final Value.Means UNTOLD = new Value.Means.Untold();

  private final Types types;
  private final Access access;
  private final Value.Means cast;
  private final Sockets sockets;

  Pointers(Types types, Access access) {
    this.types = types;
    this.access = access;
    // A function of the kernel itself: its types are those of the kernel's own BTF.
    int function = types.btf().findId("bpf_rdonly_cast", BtfType.Func.class);
    boolean own = types.btf().base().isEmpty() || function < types.btf().firstId();
    this.cast = function != 0 && own ? new Value.Means.Cast(function) : UNTOLD;
    this.sockets = new Sockets(types);
  }

  /** What a pointer leads to. */
  Operand.Thing follow(Span span, Value pointer) {
    int to = ((Type.Pointer) pointer.type()).to();
    if (to == 0) {
      throw Fault.at(
          pointer.span(), "a void * leads to nothing known: cast it, as (struct name *)...");
    }
    if (types.resolved(to) instanceof BtfType.FuncProto) {
      throw Fault.at(pointer.span(), "this points to a function, which has no value to read");
    }
    if (access.known(pointer) instanceof Known.Elsewhere elsewhere) {
      throw Fault.at(
          pointer.span(),
          elsewhere.tag().equals("user")
              ? "this points to memory of user space, which a dumper cannot read"
              : "this points to per-CPU memory, which cannot be followed");
    }
    if (pointer instanceof Value.AddressOf address) {
      Place at = address.place();
      return rooted(span, new Place(at.pointer(), at.offset(), at.index(), to, Reach.PROBE));
    }
    if (types.composite(to) != null) {
      return thing(span, new Place(told(span, pointer, to), 0, Optional.empty(), to, Reach.PROBE));
    }
    return thing(span, new Place(pointer, 0, Optional.empty(), to, Reach.PROBE));
  }

  private static Operand.Thing thing(Span span, Place place) {
    return new Operand.Thing(span, place, 0, 0);
  }

  /** The pointer in a way that the verifier knows for one to this struct, if there is one. */
  private Value told(Span span, Value pointer, int struct) {
    int id = types.resolve(struct);
    return switch (access.known(pointer)) {
      case Known.Buffer buffer -> pointer;
      case Known.Struct known when known.id() == id -> pointer;
      case Known other ->
          means(id) instanceof Value.Means.Cast means
              ? new Value.Retyped(span, new Type.Pointer(id), pointer, means)
              : pointer;
    };
  }

  private Value.Means means(int struct) {
    boolean own = types.btf().base().isEmpty() || struct < types.btf().firstId();
    return own ? cast : UNTOLD;
  }

  /** {@code (struct to *) pointer}. */
  Value retype(Span span, Value pointer, Type.Pointer type) {
    int to = types.resolve(type.to());
    if (pointer.type() instanceof Type.Pointer from && types.resolve(from.to()) == to) {
      return pointer;
    }
    if (types.composite(to) == null) {
      return new Value.Retyped(span, type, pointer, UNTOLD);
    }
    Type.Pointer plain = new Type.Pointer(to);
    return switch (access.known(pointer)) {
      case Known.Buffer buffer -> new Value.Retyped(span, plain, pointer, UNTOLD);
      case Known.Struct known when known.id() == to -> pointer;
      case Known.Struct known when begins(known.id(), to) ->
          new Value.AddressOf(
              span, plain, new Place(pointer, 0, Optional.empty(), to, Reach.DIRECT));
      case Known.Struct known when known.trusted() && sockets.helper(known.id(), to) != 0 ->
          new Value.Retyped(
              span, plain, pointer, new Value.Means.Helper(sockets.helper(known.id(), to)));
      case Known other -> new Value.Retyped(span, plain, pointer, means(to));
    };
  }

  /** The struct that begins so many bytes before what a pointer points to. */
  Value outer(Span span, Value pointer, long bytes, int struct) {
    Type.Pointer type = new Type.Pointer(types.resolve(struct));
    Place inner =
        pointer instanceof Value.AddressOf address
            ? address.place()
            : new Place(pointer, 0, Optional.empty(), 0, Reach.PROBE);
    if (inner.index().isEmpty()
        && inner.offset() == bytes
        && access.known(inner.pointer()) instanceof Known.Struct known
        && known.id() == type.to()) {
      return inner.pointer();
    }
    Value address =
        new Value.AddressOf(
            span,
            new Type.Pointer(0),
            new Place(
                inner.pointer(), inner.offset() - bytes, inner.index(), type.to(), Reach.PROBE));
    return new Value.Retyped(span, type, address, means(type.to()));
  }

  /** Whether a struct begins with another. */
  boolean begins(int struct, int with) {
    int at = struct;
    for (int depth = 0; depth < Types.DEEPEST; depth++) {
      if (at == with) {
        return true;
      }
      if (!(types.resolved(at) instanceof BtfType.Struct s)
          || s.members().isEmpty()
          || s.members().getFirst().bitOffset() != 0) {
        return false;
      }
      at = types.resolve(s.members().getFirst().type());
    }
    return false;
  }

  /** {@code pointer + index}, in elements, or {@code -}; the index is a number in a register. */
  Value.AddressOf move(Span span, Value pointer, Value index, boolean back) {
    Type.Pointer type = (Type.Pointer) pointer.type();
    long stride = stride(pointer.span(), type);
    Place from =
        pointer instanceof Value.AddressOf address && address.place().index().isEmpty()
            ? address.place()
            : new Place(pointer, 0, Optional.empty(), type.to(), Reach.PROBE);
    if (index instanceof Value.Constant constant) {
      long offset = from.offset() + (back ? -constant.value() : constant.value()) * stride;
      return new Value.AddressOf(
          span, type, new Place(from.pointer(), offset, Optional.empty(), type.to(), Reach.PROBE));
    }
    Value steps = back ? new Value.Unary(span, Types.LONG, Value.Unary.Sign.NEGATE, index) : index;
    Place.Scaled scaled = new Place.Scaled(steps, stride, 0);
    return new Value.AddressOf(
        span,
        type,
        new Place(from.pointer(), from.offset(), Optional.of(scaled), type.to(), Reach.PROBE));
  }

  /** Bytes from one element to the next. */
  long stride(Span span, Type.Pointer type) {
    long size = types.size(type.to());
    if (size < 0) {
      throw Fault.at(
          span,
          types.describe(type) + " has no size to count in: cast it to char * to count bytes");
    }
    return size;
  }

  /** An element of an array in memory. */
  Operand.Thing element(Span span, Place array, BtfType.Array type, Value index) {
    long stride = types.size(type.element());
    long count = Integer.toUnsignedLong(type.count());
    if (index instanceof Value.Constant constant) {
      if (constant.value() < 0 || (count > 0 && constant.value() >= count)) {
        throw Fault.at(
            index.span(),
            "index "
                + constant.value()
                + " is outside of the array, which has "
                + count
                + (count == 1 ? " element" : " elements"));
      }
      long offset = array.offset() + constant.value() * stride;
      return thing(
          span, new Place(array.pointer(), offset, array.index(), type.element(), Reach.PROBE));
    }
    Place from = array;
    if (array.index().isPresent()) {
      // One position a place: the outer one becomes a pointer.
      Value row = new Value.AddressOf(span, new Type.Pointer(type.element()), array);
      from = new Place(row, 0, Optional.empty(), type.element(), Reach.PROBE);
    }
    Place.Scaled scaled = new Place.Scaled(index, stride, count);
    return rooted(
        span,
        new Place(from.pointer(), from.offset(), Optional.of(scaled), type.element(), Reach.PROBE));
  }

  /**
   * A struct somewhere the verifier cannot follow by offsets, as one that it knows: so its members
   * are loaded rather than probed.
   */
  Operand.Thing rooted(Span span, Place place) {
    if (types.composite(place.type()) == null
        || access.reach(place) == Reach.DIRECT
        || !(means(types.resolve(place.type())) instanceof Value.Means.Cast)) {
      return thing(span, place);
    }
    Value address = new Value.AddressOf(span, new Type.Pointer(place.type()), place);
    return thing(
        span,
        new Place(
            told(span, address, place.type()), 0, Optional.empty(), place.type(), Reach.PROBE));
  }
}
