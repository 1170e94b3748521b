// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import java.util.HashMap;
import java.util.Map;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.btf.CDeclarations;
import org.bpfdump.btf.Kind;
import org.bpfdump.query.plan.Type;

/** The kernel's types as values have them, and how a message names them. */
final class Types {
  static final Type.Int UINT = new Type.Int(4, false, 0);
  static final Type.Int LONG = new Type.Int(8, true, 0);

  /** How many structs inside each other are looked through. */
  static final int DEEPEST = 32;

  private final Btf btf;
  private final CDeclarations c;
  private final Map<Integer, BtfType> decoded = new HashMap<>();

  Types(Btf btf) {
    this.btf = btf;
    this.c = new CDeclarations(btf);
  }

  Btf btf() {
    return btf;
  }

  /** The type behind typedefs and qualifiers. A struct is decoded once. */
  BtfType resolved(int id) {
    return decoded.computeIfAbsent(btf.resolve(id), btf::type);
  }

  int resolve(int id) {
    return btf.resolve(id);
  }

  /** The struct or union of an id, or null. */
  BtfType.Composite composite(int id) {
    return resolved(id) instanceof BtfType.Composite composite ? composite : null;
  }

  /** The type in a register, or null when it does not fit one. */
  Type scalar(int id) {
    return switch (resolved(id)) {
      case BtfType.Int t when fits(t.size()) -> new Type.Int(t.size(), t.signed(), id);
      case BtfType.Enumeration t when fits(t.size()) -> new Type.Int(t.size(), t.signed(), id);
      case BtfType.Ptr t -> new Type.Pointer(t.type());
      case BtfType other -> null;
    };
  }

  private static boolean fits(int size) {
    return size == 1 || size == 2 || size == 4 || size == 8;
  }

  /** The number that is all a struct such as {@code kuid_t} holds, as an id; else 0. */
  int only(int id) {
    int at = id;
    for (int depth = 0; depth < DEEPEST; depth++) {
      BtfType type = resolved(at);
      if (!(type instanceof BtfType.Composite composite)) {
        boolean number = type instanceof BtfType.Int || type instanceof BtfType.Enumeration;
        return number && scalar(at) != null ? at : 0;
      }
      if (composite.members().size() != 1
          || composite.members().getFirst().bitfieldSize() != 0
          || composite.members().getFirst().bitOffset() != 0) {
        return 0;
      }
      at = composite.members().getFirst().type();
    }
    return 0;
  }

  /** The value of an enumerator, or -1 for none. */
  long enumerator(String enumeration, String name) {
    int id = btf.findId(enumeration, BtfType.Enumeration.class);
    if (id != 0 && resolved(id) instanceof BtfType.Enumeration found) {
      for (BtfType.Enumerator value : found.values()) {
        if (value.name().equals(name)) {
          return value.value();
        }
      }
    }
    return -1;
  }

  /**
   * Whether programs can have the symbol at an address, which the helper {@code bpf_snprintf} makes
   * known. Types without any helpers do not say.
   */
  boolean symbols() {
    return btf.findId("bpf_func_id", BtfType.Enumeration.class) == 0
        || enumerator("bpf_func_id", "BPF_FUNC_snprintf") >= 0;
  }

  boolean bool(Type type) {
    return type instanceof Type.Int t
        && t.id() != 0
        && resolved(t.id()) instanceof BtfType.Int i
        && i.bool();
  }

  /** Whether it is C's {@code char}: neither {@code u8} nor {@code signed char}. */
  boolean character(int id) {
    return resolved(id) instanceof BtfType.Int i && i.name().equals("char");
  }

  /** Whether a pointer's target is said to be {@code const}. */
  boolean constant(int id) {
    int at = id;
    for (int depth = 0; depth < DEEPEST; depth++) {
      switch (btf.type(at)) {
        case BtfType.Const t -> {
          return true;
        }
        case BtfType.Modifier t -> at = t.type();
        case BtfType other -> {
          return false;
        }
      }
    }
    return false;
  }

  /** Whether this type, or one it stands for, has this name. */
  boolean named(int id, String name) {
    int at = id;
    for (int depth = 0; depth < DEEPEST; depth++) {
      if (btf.name(at).equals(name)) {
        return true;
      }
      if (!(btf.type(at) instanceof BtfType.Modifier modifier)) {
        return false;
      }
      at = modifier.type();
    }
    return false;
  }

  /** Size in bytes, or -1 for what has none. */
  long size(int id) {
    return switch (resolved(id)) {
      case BtfType.Void t -> -1;
      case BtfType.Fwd t -> -1;
      case BtfType.FuncProto t -> -1;
      case BtfType.Func t -> -1;
      case BtfType t -> btf.sizeOf(id);
    };
  }

  /** Id of an unsigned integer of so many bytes, for reading raw memory. */
  int unit(int bytes) {
    int id = btf.findId("__u" + 8 * bytes, BtfType.Typedef.class);
    if (id != 0) {
      return id;
    }
    for (int candidate : btf.ofKind(Kind.INT)) {
      if (btf.type(candidate) instanceof BtfType.Int i && i.size() == bytes && !i.signed()) {
        return candidate;
      }
    }
    throw new IllegalStateException("BTF without an integer of " + bytes + " bytes");
  }

  /** A type as C writes it. */
  String describe(int id) {
    return c.declare(id, "");
  }

  /** A declaration as C writes it, without a semicolon. */
  String declare(int id, String name) {
    return c.declare(id, name);
  }

  /** A type as C writes it. */
  String describe(Type type) {
    return switch (type) {
      case Type.Int t when t.id() != 0 -> {
        String name = describe(t.id());
        String meaning = describe(resolve(t.id()));
        yield meaning.isEmpty() || name.endsWith(meaning) ? name : name + " (" + meaning + ")";
      }
      case Type.Int t ->
          switch (t.bytes()) {
            case 4 -> t.signed() ? "int" : "unsigned int";
            case 8 -> t.signed() ? "long" : "unsigned long";
            default -> (t.signed() ? "s" : "u") + 8 * t.bytes();
          };
      case Type.Pointer t when resolved(t.to()) instanceof BtfType.FuncProto -> "function pointer";
      case Type.Pointer t -> {
        String to = describe(t.to());
        yield to + (to.endsWith("*") ? "*" : " *");
      }
    };
  }
}
