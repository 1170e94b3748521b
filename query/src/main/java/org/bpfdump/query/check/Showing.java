// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import java.util.List;
import org.bpfdump.btf.BtfType;
import org.bpfdump.query.plan.Cell;
import org.bpfdump.query.plan.Shown;
import org.bpfdump.query.plan.Text;
import org.bpfdump.query.plan.Type;
import org.bpfdump.query.plan.Value;

/** What a column holds, and the one obvious reading of its type. */
final class Showing {
  /** Bytes that a cell has at most. */
  private static final int MOST_BYTES = 256;

  private final Types types;
  private final Access access;
  private final Texts texts;
  private final boolean raw;

  Showing(Types types, Access access, Texts texts, boolean raw) {
    this.types = types;
    this.access = access;
    this.texts = texts;
    this.raw = raw;
  }

  /**
   * The cell of an expression.
   *
   * @param written how it was written, for messages
   */
  Cell cell(Operand operand, String written) {
    return switch (operand) {
      case Operand.Words words -> new Cell.Characters(words.text());
      case Operand.Octets octets ->
          new Cell.Bytes(
              octets.place(), octets.length(), raw ? new Shown.Hexdump() : octets.shown());
      case Operand.Address address ->
          new Cell.Address(
              address.four(), address.six(), raw ? new Shown.Hexdump() : new Shown.Ipv6());
      case Operand.Scalar scalar -> {
        if (scalar.shown().isPresent() && !raw) {
          yield new Cell.Scalar(scalar.value(), scalar.shown().get());
        }
        Text text = text(operand);
        yield text != null ? new Cell.Characters(text) : scalar(scalar.value());
      }
      case Operand.Thing thing -> thing(thing, written);
    };
  }

  /** What is obviously a text; where numbers are asked for, only the characters themselves. */
  private Text text(Operand operand) {
    Text text = texts.obvious(operand);
    return raw && text instanceof Text.StringAt ? null : text;
  }

  private Cell thing(Operand.Thing thing, String written) {
    Text text = text(thing);
    if (text != null) {
      return new Cell.Characters(text);
    }
    int type = thing.place().type();
    boolean array = types.resolved(type) instanceof BtfType.Array;
    if (!array && thing.bits() == 0 && types.named(type, "in6_addr") && !raw) {
      return new Cell.Bytes(access.whole(thing.place(), 16), 16, new Shown.Ipv6());
    }
    Value value = array ? null : access.load(thing);
    if (value != null) {
      return scalar(value);
    }
    long size = types.size(type);
    boolean bytes =
        types.resolved(type) instanceof BtfType.Array of
            && types.resolved(of.element()) instanceof BtfType.Int i
            && i.size() == 1;
    if ((raw || bytes) && size >= 1 && size <= MOST_BYTES) {
      return new Cell.Bytes(access.whole(thing.place(), size), (int) size, new Shown.Hexdump());
    }
    String name = types.describe(type);
    if (array) {
      throw Fault.at(
          thing.span(), written + " is " + name + ": select an element, as " + written + "[0]");
    }
    boolean path = types.named(type, "path") || types.named(type, "file");
    throw Fault.at(
        thing.span(),
        written
            + " is "
            + name
            + ": select a member"
            + (path ? ", or path(" + written + ")" : ", as " + written + "." + first(type)));
  }

  private String first(int type) {
    List<String> names = new Members(types).names(type);
    return names.isEmpty() ? "name" : names.getFirst();
  }

  private Cell scalar(Value value) {
    return switch (value.type()) {
      case Type.Int type -> new Cell.Scalar(value, raw ? new Shown.Decimal() : shown(type));
      case Type.Pointer type ->
          !raw
                  && type.to() != 0
                  && types.symbols()
                  && types.resolved(type.to()) instanceof BtfType.FuncProto
              ? new Cell.Characters(new Text.SymbolAt(value.span(), value))
              : new Cell.Scalar(value, new Shown.Hexadecimal());
    };
  }

  private Shown shown(Type.Int type) {
    if (type.id() == 0) {
      return new Shown.Decimal();
    }
    if (types.bool(type)) {
      return new Shown.Truth();
    }
    if (types.character(type.id())) {
      return new Shown.Letter();
    }
    if (types.resolved(type.id()) instanceof BtfType.Enumeration enumeration
        && !enumeration.values().isEmpty()) {
      return new Shown.Enumerators(enumeration.values());
    }
    if (types.named(type.id(), "__be16")) {
      return new Shown.Port();
    }
    return types.named(type.id(), "__be32") ? new Shown.Ipv4() : new Shown.Decimal();
  }
}
