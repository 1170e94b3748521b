// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import org.bpfdump.btf.Btf;
import org.bpfdump.query.plan.Cell;
import org.bpfdump.query.plan.Place;
import org.bpfdump.query.plan.Shown;
import org.bpfdump.query.plan.Text;
import org.bpfdump.query.plan.Type;
import org.bpfdump.query.plan.Value;

/**
 * A plan in few characters. {@code s32[ctx+8?.tgid]} is a load of a signed number of 4 bytes from
 * where the context's pointer at 8, which may be NULL, leads to; {@code ~[} instead of {@code [}
 * probes. Offsets in structs are left out, as they differ between kernels, and member names are put
 * in their place.
 */
final class Form {
  private final Types types;

  Form(Btf btf) {
    this.types = new Types(btf);
  }

  String of(Cell cell) {
    return switch (cell) {
      case Cell.Scalar c -> of(c.value()) + " " + shown(c.shown());
      case Cell.Characters c -> of(c.text());
      case Cell.Address c -> "address(" + of(c.four()) + ", " + of(c.six()) + ")";
      case Cell.Bytes c -> "bytes" + c.length() + of(c.place()) + " " + shown(c.shown());
    };
  }

  private static String shown(Shown shown) {
    return switch (shown) {
      case Shown.Enumerators e -> "enum:" + e.values().getFirst().name();
      case Shown.Flags f -> "flags:" + f.bits().getFirst().name();
      case Shown s -> s.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
    };
  }

  String of(Text text) {
    return switch (text) {
      case Text.CharArray t -> "chars" + t.length() + of(t.place());
      case Text.StringAt t -> "str" + t.max() + "(" + of(t.pointer()) + ")";
      case Text.PathOf t -> "path" + of(t.path());
      case Text.SymbolAt t -> "ksym(" + of(t.address()) + ")";
      case Text.Counted t -> "str" + t.max() + "(" + of(t.pointer()) + ", " + of(t.length()) + ")";
      case Text.Joined t -> "(\"" + t.before() + "\" + " + of(t.after()) + ")";
      case Text.Choice t ->
          "(" + of(t.condition()) + " ? " + of(t.yes()) + " : " + of(t.no()) + ")";
      case Text.Literal t -> "\"" + t.value() + "\"";
    };
  }

  String of(Type type) {
    return switch (type) {
      case Type.Int t -> (t.signed() ? "s" : "u") + 8 * t.bytes();
      case Type.Pointer t -> t.to() == 0 ? "void*" : types.btf().name(types.resolve(t.to())) + "*";
    };
  }

  String of(Place place) {
    StringBuilder s = new StringBuilder(place.reach() == Place.Reach.PROBE ? "~[" : "[");
    s.append(of(place.pointer()));
    s.append(place.offset() < 0 ? "" : "+").append(place.offset());
    place
        .index()
        .ifPresent(i ->
            s.append("+")
                .append(of(i.index()))
                .append("*")
                .append(i.stride())
                .append("<")
                .append(i.count()));
    return s.append("]").toString();
  }

  String of(Value value) {
    return switch (value) {
      case Value.Constant v -> v.value() + ":" + of(v.type());
      case Value.ContextNumber v -> "ctx" + v.offset() + ":" + of(v.type());
      case Value.ContextPointer v -> "ctx" + v.offset() + (v.nullable() ? "?" : "");
      case Value.Load v ->
          of(v.type())
              + of(v.place())
              + v.bits().map(b -> ">>" + b.shift() + "&" + b.width()).orElse("");
      case Value.AddressOf v -> "&" + of(v.place());
      case Value.Retyped v ->
          switch (v.means()) {
            case Value.Means.Untold m -> "(" + of(v.type()) + ")" + of(v.of());
            case Value.Means.Cast m -> "cast(" + of(v.of()) + "," + of(v.type()) + ")";
            case Value.Means.Helper m -> "helper" + m.number() + "(" + of(v.of()) + ")";
          };
      case Value.PerCpu v -> "percpu(" + of(v.pointer()) + ", " + of(v.cpu()) + ")";
      case Value.Unary v ->
          (v.operator() == Value.Unary.Sign.NEGATE ? "-" : "~")
              + of(v.type())
              + "("
              + of(v.of())
              + ")";
      case Value.Binary v ->
          "(" + of(v.left()) + " " + v.operator() + ":" + of(v.type()) + " " + of(v.right()) + ")";
      case Value.Compare v ->
          "("
              + of(v.left())
              + " "
              + v.relation()
              + (v.signed() ? ":s " : ":u ")
              + of(v.right())
              + ")";
      case Value.TextTest v -> "(" + of(v.text()) + " " + v.likeness() + " " + v.literal() + ")";
      case Value.TextSame v -> "(" + of(v.left()) + " IS " + of(v.right()) + ")";
      case Value.Not v -> "!" + of(v.of());
      case Value.Both v -> "(" + of(v.left()) + " && " + of(v.right()) + ")";
      case Value.Either v -> "(" + of(v.left()) + " || " + of(v.right()) + ")";
      case Value.Choose v ->
          "(" + of(v.condition()) + " ? " + of(v.yes()) + " : " + of(v.no()) + "):" + of(v.type());
      case Value.Convert v -> of(v.type()) + "(" + of(v.of()) + ")";
      case Value.Clock v -> v.source().toString();
    };
  }
}
