// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import java.util.ArrayList;
import java.util.List;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.btf.Kind;
import org.bpfdump.error.Nearest;
import org.bpfdump.query.plan.Type;
import org.bpfdump.query.syntax.TypeName;

/** Types as they are written in casts, found in the kernel's BTF. */
final class TypeNames {
  /** C's words in the order of their ranks, and what compilers call them in BTF. */
  private static final String[][] WORDS = {
    {"char"},
    {"signed char"},
    {"unsigned char"},
    {"short", "short int"},
    {"unsigned short", "short unsigned int"},
    {"int"},
    {"unsigned int"},
    {"long", "long int"},
    {"unsigned long", "long unsigned int"},
    {"long long", "long long int"},
    {"unsigned long long", "long long unsigned int"},
    {"_Bool", "bool"},
  };

  private final Types types;

  TypeNames(Types types) {
    this.types = types;
  }

  /** The BTF id of a type, its pointers included; 0 for void. */
  int id(TypeName name) {
    int id = base(name);
    for (int i = 0; i < name.pointers(); i++) {
      id = pointer(name, id);
    }
    return id;
  }

  /** What a cast to this type gives. */
  Type type(TypeName name) {
    int base = base(name);
    if (name.pointers() == 0) {
      Type type = base == 0 ? null : types.scalar(base);
      if (type == null) {
        boolean composite = base != 0 && types.composite(base) != null;
        throw Fault.at(
            name.span(),
            "a cast gives a number or a pointer, and "
                + name
                + " is neither"
                + (composite ? ": write " + name + " *" : ""));
      }
      return type;
    }
    for (int i = 1; i < name.pointers(); i++) {
      base = pointer(name, base);
    }
    return new Type.Pointer(base);
  }

  private int pointer(TypeName name, int to) {
    int wanted = types.resolve(to);
    for (Btf btf = types.btf(); btf != null; btf = btf.base().orElse(null)) {
      for (int id : btf.ofKind(Kind.PTR)) {
        if (btf.type(id) instanceof BtfType.Ptr p && types.resolve(p.type()) == wanted) {
          return id;
        }
      }
    }
    throw Fault.missing(name.span(), "this kernel's types have no " + name + ": cast to u64 *");
  }

  private int base(TypeName name) {
    Btf btf = types.btf();
    int id =
        switch (name.tag()) {
          case "struct" -> btf.findId(name.name(), BtfType.Struct.class);
          case "union" -> btf.findId(name.name(), BtfType.Union.class);
          case "enum" -> btf.findId(name.name(), BtfType.Enumeration.class);
          default -> plain(name.name());
        };
    if (id == 0 && !(name.tag().isEmpty() && name.name().equals("void"))) {
      id = btf.findId(name.name(), BtfType.Fwd.class);
      boolean composite = name.tag().equals("struct") || name.tag().equals("union");
      if (id == 0 || !composite || name.pointers() == 0) {
        throw unknown(name);
      }
    }
    return id;
  }

  private int plain(String name) {
    if (name.equals("void")) {
      return 0;
    }
    String wanted = words(name);
    for (String[] spellings : WORDS) {
      if (spellings[0].equals(wanted)) {
        for (String spelling : spellings) {
          int id = types.btf().findId(spelling, BtfType.Int.class);
          if (id != 0) {
            return id;
          }
        }
      }
    }
    int id = types.btf().findId(name, BtfType.Typedef.class);
    return id != 0 ? id : types.btf().findId(name, BtfType.Int.class);
  }

  /** C's words in one order: {@code long unsigned int} is {@code unsigned long}. */
  private static String words(String name) {
    int longs = 0;
    String sign = "";
    String length = "";
    boolean character = false;
    for (String word : name.split(" ", -1)) {
      switch (word) {
        case "long" -> longs++;
        case "short" -> length = "short";
        case "signed", "unsigned" -> sign = word;
        case "char" -> character = true;
        case "int" -> {}
        default -> {
          return name;
        }
      }
    }
    if (character) {
      return sign.isEmpty() ? "char" : sign + " char";
    }
    if (longs > 0) {
      length = longs == 1 ? "long" : "long long";
    }
    String unsigned = sign.equals("unsigned") ? "unsigned " : "";
    return length.isEmpty() ? unsigned + "int" : unsigned + length;
  }

  private Fault unknown(TypeName name) {
    Btf btf = types.btf();
    if (name.tag().isEmpty()) {
      for (String tag : new String[] {"struct", "union", "enum"}) {
        Class<? extends BtfType> kind =
            switch (tag) {
              case "struct" -> BtfType.Struct.class;
              case "union" -> BtfType.Union.class;
              default -> BtfType.Enumeration.class;
            };
        if (btf.findId(name.name(), kind) != 0) {
          return Fault.at(
              name.span(), name.name() + " is no type by itself: write " + tag + " " + name.name());
        }
      }
    }
    List<String> names = new ArrayList<>();
    int[] kinds =
        switch (name.tag()) {
          case "struct" -> new int[] {Kind.STRUCT};
          case "union" -> new int[] {Kind.UNION};
          case "enum" -> new int[] {Kind.ENUM, Kind.ENUM64};
          default -> new int[] {Kind.TYPEDEF, Kind.INT};
        };
    for (int kind : kinds) {
      for (int id : btf.ofKind(kind)) {
        if (!names.contains(btf.name(id)) && !btf.name(id).isEmpty()) {
          names.add(btf.name(id));
        }
      }
    }
    String written = (name.tag() + " " + name.name()).strip();
    return Fault.missing(
        name.span(), "this kernel has no type " + written + Nearest.hint(name.name(), names, ""));
  }
}
