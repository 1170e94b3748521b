// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.btf;

import java.util.List;
import org.bpfdump.error.MalformedException;

/**
 * Writes declarations: what C has around a name, from the name outwards, then what is before it.
 */
final class CDeclarator {
  private static final int CONST = 1;
  private static final int VOLATILE = 2;
  private static final int RESTRICT = 4;

  /** How a declaration says the type at its very beginning. */
  interface Specifiers {
    /** For a type that is no pointer, array, function or qualifier. */
    String of(int id, BtfType type, int depth);
  }

  private final Btf btf;
  private final Specifiers specifiers;
  private final int depth;

  /** How long the declaration may become; parameters that double at each level end there. */
  private final int limit;

  CDeclarator(Btf btf, Specifiers specifiers, int depth, int limit) {
    this.btf = btf;
    this.specifiers = specifiers;
    this.depth = depth;
    this.limit = limit;
  }

  String declare(int id, String name) {
    if (depth > Btf.MAX_DEPTH) {
      throw nested(id);
    }
    StringBuilder declarator = new StringBuilder(name);
    boolean pointer = false;
    int qualifiers = 0;
    int at = id;
    for (int step = 0; step < Btf.MAX_DEPTH; step++) {
      BtfType type = btf.type(at);
      switch (type) {
        case BtfType.Const t -> {
          qualifiers |= CONST;
          at = t.type();
        }
        case BtfType.Volatile t -> {
          qualifiers |= VOLATILE;
          at = t.type();
        }
        case BtfType.Restrict t -> {
          qualifiers |= RESTRICT;
          at = t.type();
        }
        case BtfType.TypeTag t -> at = t.type();
        case BtfType.DeclTag t -> at = t.type();
        case BtfType.Func t -> at = t.type();
        case BtfType.Var t -> at = t.type();
        case BtfType.Ptr t -> {
          String words = words(qualifiers);
          boolean space = !words.isEmpty() && !declarator.isEmpty();
          declarator.insert(0, "*" + words + (space ? " " : ""));
          qualifiers = 0;
          pointer = true;
          at = t.type();
        }
        case BtfType.Array t -> {
          // Qualifiers of an array are its elements'.
          parenthesize(declarator, pointer);
          declarator.append('[').append(Integer.toUnsignedString(t.count())).append(']');
          pointer = false;
          at = t.element();
        }
        case BtfType.FuncProto t -> {
          parenthesize(declarator, pointer);
          parameters(t.parameters(), declarator, id);
          qualifiers = 0;
          pointer = false;
          at = t.returns();
        }
        case BtfType.Void _,
            BtfType.Int _,
            BtfType.Struct _,
            BtfType.Union _,
            BtfType.Enum _,
            BtfType.Enum64 _,
            BtfType.Fwd _,
            BtfType.Typedef _,
            BtfType.Float _,
            BtfType.Datasec _,
            BtfType.Unknown _ -> {
          String words = words(qualifiers & ~RESTRICT);
          String specifier = type instanceof BtfType.Void ? "void" : specifiers.of(at, type, depth);
          return (words.isEmpty() ? "" : words + " ")
              + specifier
              + (declarator.isEmpty() ? "" : " ")
              + declarator;
        }
      }
      if (declarator.length() > limit) {
        throw nested(id);
      }
    }
    throw nested(id);
  }

  private static MalformedException nested(int id) {
    return new MalformedException("BTF type " + id + " nests too deep to be shown as C", -1);
  }

  private static void parenthesize(StringBuilder declarator, boolean pointer) {
    if (pointer) {
      declarator.insert(0, '(').append(')');
    }
  }

  private void parameters(List<BtfType.Parameter> parameters, StringBuilder out, int id) {
    if (parameters.isEmpty()) {
      out.append("(void)");
      return;
    }
    out.append('(');
    for (int i = 0; i < parameters.size(); i++) {
      BtfType.Parameter parameter = parameters.get(i);
      boolean rest = i == parameters.size() - 1 && parameter.type() == 0;
      if (rest && i == 0) {
        break; // C has no "(...)"
      }
      out.append(i == 0 ? "" : ", ");
      if (rest) {
        out.append("...");
      } else {
        int left = limit - out.length();
        if (left < 0) {
          throw nested(id);
        }
        out.append(
            new CDeclarator(btf, specifiers, depth + 1, left)
                .declare(parameter.type(), CNames.identifier(parameter.name())));
      }
    }
    out.append(')');
  }

  private static String words(int qualifiers) {
    StringBuilder words = new StringBuilder();
    if ((qualifiers & CONST) != 0) {
      words.append("const");
    }
    if ((qualifiers & VOLATILE) != 0) {
      words.append(words.isEmpty() ? "volatile" : " volatile");
    }
    if ((qualifiers & RESTRICT) != 0) {
      words.append(words.isEmpty() ? "restrict" : " restrict");
    }
    return words.toString();
  }

  /** The keyword before a type's name: {@code struct}, {@code union}, {@code enum}, or empty. */
  static String tag(BtfType type) {
    return switch (type) {
      case BtfType.Struct _ -> "struct";
      case BtfType.Union _ -> "union";
      case BtfType.Enumeration _ -> "enum";
      case BtfType.Fwd t -> t.union() ? "union" : "struct";
      default -> "";
    };
  }
}
