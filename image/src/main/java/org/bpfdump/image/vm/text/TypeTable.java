// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.text;

import java.util.HashMap;
import java.util.Map;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;

/**
 * The types of a kernel as they are shown before values: {@code .pid = (pid_t)}. Source:
 * kernel/bpf/btf.c, {@code btf_show_name}. Of one thread.
 */
public final class TypeTable {
  /** {@code BTF_F_NONAME}. */
  private static final int NONAME = 2;

  /** Bytes of a name, its NUL apart. */
  private static final int MOST_NAME = 79;

  /** Typedefs, pointers and arrays before the type itself. */
  private static final int MOST_STEPS = 10;

  /** More than any chain of modifiers. */
  private static final int MOST_KEPT = 1 << 16;

  private final Btf btf;
  private final Map<Integer, BtfType> kept = new HashMap<>();

  /** Those of a kernel. */
  public TypeTable(Btf btf) {
    this.btf = btf;
  }

  /** Whether there is a type of this id. */
  public boolean has(int id) {
    return id > 0 && id < btf.size();
  }

  BtfType get(int id) {
    if (kept.size() > MOST_KEPT) {
      kept.clear();
    }
    return kept.computeIfAbsent(id, btf::type);
  }

  /** A type without its modifiers. */
  BtfType resolved(int id) {
    return get(btf.resolve(id));
  }

  int kind(int id) {
    return btf.kind(btf.resolve(id));
  }

  /** Bytes of a type that is no modifier; 0 when it has no size. */
  long size(BtfType type) {
    return switch (type) {
      case BtfType.Int number -> number.size();
      case BtfType.Composite composite -> composite.size();
      case BtfType.Enumeration enumeration -> enumeration.size();
      case BtfType.Float number -> number.size();
      case BtfType.Ptr _ -> btf.pointerSize();
      case BtfType.Array _,
          BtfType.Fwd _,
          BtfType.FuncProto _,
          BtfType.Func _,
          BtfType.Void _,
          BtfType.Var _,
          BtfType.Datasec _,
          BtfType.DeclTag _,
          BtfType.Modifier _,
          BtfType.Unknown _ ->
          0;
    };
  }

  /** What stands before a value; {@code member} is null for none. */
  String name(int start, BtfType.Member member, int flags) {
    String name = "";
    StringBuilder stars = new StringBuilder();
    StringBuilder brackets = new StringBuilder();
    boolean typedef = false;
    String open = "";
    int id = start;
    BtfType type = get(id);
    for (int i = 0; ; i++) {
      if (i == MOST_STEPS) {
        return "";
      }
      switch (type) {
        case BtfType.Typedef alias -> {
          if (name.isEmpty()) {
            name = alias.name();
          }
          typedef = true;
          id = alias.type();
        }
        case BtfType.Array array -> {
          open = "[";
          brackets.append("[]");
          id = array.element();
        }
        case BtfType.Ptr pointer -> {
          stars.append('*');
          id = pointer.type();
        }
        default -> id = 0;
      }
      if (id == 0) {
        break;
      }
      type = unqualified(id);
    }
    if (name.isEmpty()) {
      name = type.name();
    }
    String prefix =
        switch (type) {
          case BtfType.Struct _ -> "struct";
          case BtfType.Union _ -> "union";
          case BtfType.Enumeration _ -> "enum";
          default -> "";
        };
    if (type instanceof BtfType.Composite && brackets.isEmpty()) {
      open = "{";
    }
    if (!stars.isEmpty()) {
      open = "";
    }
    if (typedef) {
      prefix = "";
    }
    if ((flags & NONAME) != 0) {
      return open;
    }
    StringBuilder text = new StringBuilder();
    if (member != null && !member.name().isEmpty()) {
      text.append('.').append(member.name()).append(" = ");
    }
    text.append('(').append(prefix);
    text.append(!prefix.isEmpty() && !name.isEmpty() ? " " : "").append(name);
    text.append(stars.isEmpty() ? "" : " ").append(stars).append(brackets);
    text.append(')').append(open);
    return text.length() > MOST_NAME ? text.substring(0, MOST_NAME) : text.toString();
  }

  private BtfType unqualified(int id) {
    int at = id;
    BtfType type = get(at);
    for (int i = 0; i < MOST_KEPT; i++) {
      switch (type) {
        case BtfType.Const modifier -> at = modifier.type();
        case BtfType.Volatile modifier -> at = modifier.type();
        case BtfType.Restrict modifier -> at = modifier.type();
        case BtfType.TypeTag modifier -> at = modifier.type();
        default -> {
          return type;
        }
      }
      type = get(at);
    }
    return type;
  }
}
