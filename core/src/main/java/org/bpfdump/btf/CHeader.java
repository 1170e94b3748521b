// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.btf;

import java.util.HashSet;
import java.util.Set;
import org.bpfdump.error.MalformedException;

/**
 * Writes definitions in an order that C takes: what lies inside a type is <em>defined</em> before
 * it, what is pointed to or passed only <em>declared</em>.
 */
final class CHeader {
  private static final String START =
      """
      #ifndef BPF_NO_PRESERVE_ACCESS_INDEX
      #pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)
      #endif

      """;
  private static final String END =
      """
      #ifndef BPF_NO_PRESERVE_ACCESS_INDEX
      #pragma clang attribute pop
      #endif
      """;

  /** Types that a walk may be inside of; a kernel needs about thirty. */
  private static final int MAX_DEPTH = 256;

  private final Btf btf;
  private final CNames names = new CNames();
  private final CText out = new CText(CText.MAX_HEADER);
  private final CBody body;

  /** What is written, or being written. */
  private final Set<Integer> defined = new HashSet<>();

  /** Whose members are written, or being written. */
  private final Set<Integer> walked = new HashSet<>();

  private final Set<Integer> declared = new HashSet<>();
  private final Set<String> declaredTags = new HashSet<>();

  CHeader(Btf btf) {
    this.btf = btf;
    this.body = new CBody(btf, names);
    out.add(START);
  }

  String text() {
    return out.add(END).toString();
  }

  /** How the header refers to a type that it defines. */
  String reference(int id) {
    return body.declare(id, "");
  }

  /** Writes all that a variable of this type needs. */
  void define(int id) {
    define(id, 0);
  }

  /** The same for a type that others may refer to by a name. */
  void defineIfNamed(int id) {
    int kind = btf.kind(id);
    boolean type =
        kind == Kind.STRUCT
            || kind == Kind.UNION
            || kind == Kind.ENUM
            || kind == Kind.ENUM64
            || kind == Kind.TYPEDEF;
    if (type && !btf.name(id).isEmpty()) {
      define(id, 0);
    }
  }

  /** The same for an enum without a name that no type written so far contains. */
  void defineConstants(int id) {
    int kind = btf.kind(id);
    boolean enumeration = kind == Kind.ENUM || kind == Kind.ENUM64;
    if (enumeration && btf.name(id).isEmpty() && !body.written(id)) {
      out.add(body.declare(id, "")).add(";\n\n");
    }
  }

  private void define(int id, int depth) {
    check(id, depth);
    switch (btf.type(id)) {
      case BtfType.Composite t -> {
        boolean named = !t.name().isEmpty();
        if (named && !defined.add(id)) {
          return;
        }
        members(id, t, depth);
        if (named) {
          out.add(body.definition(id, t)).add(";\n\n");
        }
      }
      case BtfType.Typedef t -> {
        define(t.type(), depth + 1);
        declare(id, depth + 1);
      }
      case BtfType.Array t -> define(t.element(), depth + 1);
      case BtfType.Modifier t -> define(t.type(), depth + 1);
      case BtfType.Var t -> define(t.type(), depth + 1);
      case BtfType.DeclTag t -> define(t.type(), depth + 1);
      case BtfType.Void _,
          BtfType.Int _,
          BtfType.Ptr _,
          BtfType.Enumeration _,
          BtfType.Fwd _,
          BtfType.Func _,
          BtfType.FuncProto _,
          BtfType.Datasec _,
          BtfType.Float _,
          BtfType.Unknown _ ->
          declare(id, depth + 1);
    }
  }

  private void members(int id, BtfType.Composite type, int depth) {
    if (!walked.add(id)) {
      return;
    }
    for (BtfType.Member member : type.members()) {
      // A member without a name is written with its members, even if its type has one.
      if (member.name().isEmpty() && btf.resolved(member.type()) instanceof BtfType.Composite t) {
        check(member.type(), depth);
        members(btf.resolve(member.type()), t, depth + 1);
      } else {
        define(member.type(), depth + 1);
      }
    }
  }

  /** Writes all that a pointer to this type needs. */
  private void declare(int id, int depth) {
    check(id, depth);
    switch (btf.type(id)) {
      case BtfType.Composite t -> {
        if (t.name().isEmpty()) {
          members(id, t, depth);
        } else {
          forward(id, t);
        }
      }
      case BtfType.Fwd t -> forward(id, t);
      case BtfType.Enumeration t -> {
        if (!t.name().isEmpty() && defined.add(id)) {
          out.add(body.definition(id, t)).add(";\n\n");
        }
      }
      case BtfType.Typedef t -> {
        if (declared.add(id)) {
          declare(t.type(), depth + 1);
          String name = names.typedef(id, t);
          out.add("typedef ").add(body.declare(t.type(), name)).add(";\n\n");
        }
      }
      case BtfType.Array t -> define(t.element(), depth + 1);
      case BtfType.Ptr t -> declare(t.type(), depth + 1);
      case BtfType.Modifier t -> declare(t.type(), depth + 1);
      case BtfType.Func t -> declare(t.type(), depth + 1);
      case BtfType.Var t -> declare(t.type(), depth + 1);
      case BtfType.DeclTag t -> declare(t.type(), depth + 1);
      case BtfType.FuncProto t -> {
        if (declared.add(id)) {
          declare(t.returns(), depth + 1);
          for (BtfType.Parameter parameter : t.parameters()) {
            declare(parameter.type(), depth + 1);
          }
        }
      }
      case BtfType.Void _,
          BtfType.Int _,
          BtfType.Float _,
          BtfType.Datasec _,
          BtfType.Unknown _ -> {}
    }
  }

  private void forward(int id, BtfType type) {
    String name = CDeclarator.tag(type) + " " + names.tag(id, type);
    if (!defined.contains(id) && declaredTags.add(name)) {
      out.add(name).add(";\n\n");
    }
  }

  private static void check(int id, int depth) {
    if (depth > MAX_DEPTH) {
      throw new MalformedException("BTF type " + id + " nests too deep to be shown as C", -1);
    }
  }
}
