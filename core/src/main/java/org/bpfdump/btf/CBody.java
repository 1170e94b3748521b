// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.btf;

import java.util.HashSet;
import java.util.Set;
import org.bpfdump.error.MalformedException;

/** Writes structs, unions and enums with what is between their braces. */
final class CBody implements CDeclarator.Specifiers {
  /** Longer gaps are filled with an array. */
  private static final long MAX_PADDING = 64 * 8;

  private final Btf btf;
  private final CNames names;
  private final CLayout layout;

  /** Enums without a name whose constants are written; C allows that once. */
  private final Set<Integer> constants = new HashSet<>();

  private int indent;

  /** How many types the one being written lies in. */
  private int depth;

  CBody(Btf btf, CNames names) {
    this.btf = btf;
    this.names = names;
    this.layout = new CLayout(btf);
  }

  /** Whether the constants of this enum without a name are written. */
  boolean written(int id) {
    return constants.contains(id);
  }

  /** A declaration without semicolon; types without a name are written out. */
  String declare(int id, String name) {
    return new CDeclarator(btf, this, depth + 1, CText.MAX_DECLARATION).declare(id, name);
  }

  @Override
  public String of(int id, BtfType type, int depth) {
    int outer = this.depth;
    this.depth = depth;
    String text = specifier(id, type);
    this.depth = outer;
    return text;
  }

  private String specifier(int id, BtfType type) {
    return switch (type) {
      case BtfType.Composite t -> t.name().isEmpty() ? braces(id, t, "") : reference(id, type);
      case BtfType.Enumeration t -> {
        if (!t.name().isEmpty()) {
          yield reference(id, type);
        }
        yield constants.add(id) && !t.values().isEmpty()
            ? definition(id, t)
            : integer(t.size(), t.signed());
      }
      case BtfType.Fwd _ -> reference(id, type);
      case BtfType.Typedef t -> names.typedef(id, t);
      case BtfType.Float t -> real(t);
      case BtfType.Void _,
          BtfType.Int _,
          BtfType.Ptr _,
          BtfType.Array _,
          BtfType.Modifier _,
          BtfType.Func _,
          BtfType.FuncProto _,
          BtfType.Var _,
          BtfType.Datasec _,
          BtfType.DeclTag _,
          BtfType.Unknown _ ->
          CNames.identifier(type.name());
    };
  }

  private String reference(int id, BtfType type) {
    return CDeclarator.tag(type) + " " + names.tag(id, type);
  }

  /** Not every target has every floating-point type, and only the size matters. */
  private static String real(BtfType.Float type) {
    return switch (type.name()) {
      case "float", "double" -> type.name();
      default ->
          "struct { unsigned char ___bytes["
              + Integer.toUnsignedString(type.size())
              + "]; } __attribute__((aligned("
              + Math.min(16, Math.max(1, Integer.highestOneBit(type.size())))
              + ")))";
    };
  }

  private static String integer(int size, boolean signed) {
    String name =
        switch (size) {
          case 1 -> "char";
          case 2 -> "short";
          case 8 -> "long long";
          default -> "int";
        };
    return (signed ? "signed " : "unsigned ") + name;
  }

  /** A struct or union with its members. */
  String definition(int id, BtfType.Composite type) {
    return braces(id, type, " " + names.tag(id, type));
  }

  private String braces(int id, BtfType.Composite type, String name) {
    CLayout.Form form = layout.form(id, type);
    CText out = new CText(CText.MAX_BODY);
    out.add(CDeclarator.tag(type)).add(name).add(" {\n");
    indent++;
    depth++;
    if (depth > Btf.MAX_DEPTH) {
      throw new MalformedException("BTF type " + id + " nests too deep to be shown as C", -1);
    }
    if (form == CLayout.Form.OPAQUE) {
      bytes(out, 0, Integer.toUnsignedLong(type.size()));
    } else {
      members(out, id, type, form);
    }
    indent--;
    depth--;
    line(out, "}");
    return out.add(form == CLayout.Form.PACKED ? " __attribute__((packed))" : "").toString();
  }

  private void members(CText out, int id, BtfType.Composite type, CLayout.Form form) {
    boolean union = type instanceof BtfType.Union;
    long size = Integer.toUnsignedLong(type.size()) * 8;
    long end = 0;
    for (BtfType.Member member : type.members()) {
      long start = layout.start(member);
      if (!union && layout.natural(member, end, form) != start) {
        pad(out, end, start);
      }
      line(out, member(member)).add(";\n");
      long after = start + layout.width(member);
      end = union ? Math.max(end, after) : after;
    }
    if (layout.rounded(id, type, end) < size) {
      if (union) {
        bytes(out, 0, size / 8);
      } else {
        pad(out, end, size);
      }
    }
  }

  private String member(BtfType.Member member) {
    int bits = layout.bitfield(member);
    String suffix = bits == 0 ? "" : ": " + bits;
    if (!member.name().isEmpty()) {
      return declare(member.type(), CNames.identifier(member.name())) + suffix;
    }
    int resolved = btf.resolve(member.type());
    if (btf.type(resolved) instanceof BtfType.Composite t) {
      return braces(resolved, t, "");
    }
    String name = bits == 0 ? "___at" + Integer.toUnsignedString(member.bitOffset()) : "";
    return declare(member.type(), name) + suffix;
  }

  /** Fills the bits from {@code from} to {@code to} with bitfields that have no name. */
  private void pad(CText out, long from, long to) {
    long at = from;
    if (to - from > MAX_PADDING) {
      at = (from + 7) / 8 * 8;
      padWithBitfields(out, from, at);
      bytes(out, at / 8, (to - at) / 8);
      at += (to - at) / 8 * 8;
    }
    padWithBitfields(out, at, to);
  }

  private void padWithBitfields(CText out, long from, long to) {
    long at = from;
    while (at < to) {
      long bits = Math.min(8 - at % 8, to - at);
      for (int unit = 64; unit >= 8 && bits == 8; unit /= 2) {
        if (at % unit == 0 && to - at >= unit) {
          bits = unit;
          break;
        }
      }
      String type = bits == 64 ? "long" : bits == 32 ? "int" : bits == 16 ? "short" : "char";
      line(out, type + ": " + bits + ";\n");
      at += bits;
    }
  }

  /** Fills {@code count} bytes from byte {@code at} with an array. */
  private void bytes(CText out, long at, long count) {
    line(out, "unsigned char ___bytes" + at + "[" + count + "];\n");
  }

  /** An enum with its constants; one without any only by its name. */
  String definition(int id, BtfType.Enumeration type) {
    String name = type.name().isEmpty() ? "enum" : reference(id, type);
    if (type.values().isEmpty()) {
      return name;
    }
    CText out = new CText(CText.MAX_BODY);
    out.add(name).add(" {\n");
    indent++;
    for (BtfType.Enumerator value : type.values()) {
      line(out, names.constant(value.name()));
      out.add(" = ").add(literal(value.value(), type)).add(",\n");
    }
    indent--;
    line(out, "}");
    String mode =
        switch (type.size()) {
          case 1 -> " __attribute__((mode(QI)))";
          case 2 -> " __attribute__((mode(HI)))";
          case 8 -> " __attribute__((mode(DI)))";
          default -> "";
        };
    return out.add(mode).toString();
  }

  private static String literal(long value, BtfType.Enumeration type) {
    if (!type.signed()) {
      return Long.toUnsignedString(value) + (type.size() == 8 ? "ULL" : "");
    }
    // The smallest number has no literal of its own.
    return value == Long.MIN_VALUE
        ? "(-9223372036854775807LL - 1)"
        : value + (type.size() == 8 ? "LL" : "");
  }

  private CText line(CText out, String text) {
    for (int i = 0; i < indent; i++) {
      out.add("\t");
    }
    return out.add(text);
  }
}
