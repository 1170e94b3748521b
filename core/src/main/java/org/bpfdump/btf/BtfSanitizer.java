// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.btf;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bpfdump.error.UnsupportedException;

/**
 * Makes a program's BTF fit a kernel that lacks some of its features: each type that the kernel
 * would refuse becomes one of the same size that it takes. Ids and string offsets stay; helper
 * types come after the others.
 *
 * <p>What is lost is what such a kernel could not have used. Without {@link BtfFeature#FUNC} the
 * program must be loaded without func_info and line_info as well.
 */
public final class BtfSanitizer {
  private final Btf btf;
  private final Set<BtfFeature> lacking;
  private final BtfBuilder builder;

  /** Id of the helper type for the members of what was an enum64; 0 until there is one. */
  private int placeholder;

  private BtfSanitizer(Btf btf, Set<BtfFeature> lacking) {
    this.btf = btf;
    this.lacking = lacking;
    this.builder = BtfBuilder.from(btf);
  }

  /**
   * {@code btf} with what it uses beyond {@code supported} replaced; itself when there is nothing.
   *
   * @throws UnsupportedException when it has a kind for which no replacement is known
   */
  public static Btf sanitize(Btf btf, Set<BtfFeature> supported) {
    Set<BtfFeature> lacking = BtfFeature.usedBy(btf);
    lacking.removeAll(supported);
    return lacking.isEmpty() ? btf : new BtfSanitizer(btf, lacking).sanitized();
  }

  private Btf sanitized() {
    for (int id = btf.firstId(); id < btf.size(); id++) {
      BtfType type = btf.type(id);
      BtfType replacement = replacement(id, type);
      if (!replacement.equals(type)) {
        builder.set(id, replacement);
      }
    }
    return builder.build();
  }

  private boolean lacks(BtfFeature feature) {
    return lacking.contains(feature);
  }

  private BtfType replacement(int id, BtfType type) {
    return switch (type) {
      case BtfType.Func t when lacks(BtfFeature.FUNC) -> new BtfType.Typedef(t.name(), t.type());
      case BtfType.Func t
          when lacks(BtfFeature.FUNC_GLOBAL) && t.linkage() == BtfType.Linkage.GLOBAL ->
          new BtfType.Func(t.name(), t.type(), BtfType.Linkage.STATIC);
      case BtfType.FuncProto _ when lacks(BtfFeature.FUNC) ->
          new BtfType.Enum("", 4, false, List.of());
      case BtfType.Var t when lacks(BtfFeature.DATASEC) -> octet(t.name());
      case BtfType.Datasec t when lacks(BtfFeature.DATASEC) -> struct(t);
      case BtfType.Datasec t when lacks(BtfFeature.QMARK_DATASEC) ->
          new BtfType.Datasec(t.name().replace('?', '_'), t.size(), t.variables());
      case BtfType.Float t when lacks(BtfFeature.FLOAT) ->
          new BtfType.Struct("", t.size(), List.of());
      case BtfType.DeclTag t when lacks(BtfFeature.DECL_TAG) -> octet(t.name());
      case BtfType.TypeTag t when lacks(BtfFeature.TYPE_TAG) -> new BtfType.Const(t.type());
      case BtfType.Enum64 t when lacks(BtfFeature.ENUM64) -> union(t);
      case BtfType.Enum t when lacks(BtfFeature.ENUM_SIGNED) && t.signed() -> unsigned(t);
      case BtfType.Unknown t when lacks(BtfFeature.LAYOUT) ->
          throw new UnsupportedException(
              "BTF type "
                  + id
                  + " is of kind "
                  + t.kind()
                  + ", which this kernel cannot pass over");
      case BtfType.Void _,
          BtfType.Int _,
          BtfType.Ptr _,
          BtfType.Array _,
          BtfType.Struct _,
          BtfType.Union _,
          BtfType.Enum _,
          BtfType.Enum64 _,
          BtfType.Fwd _,
          BtfType.Typedef _,
          BtfType.Volatile _,
          BtfType.Const _,
          BtfType.Restrict _,
          BtfType.Func _,
          BtfType.FuncProto _,
          BtfType.Var _,
          BtfType.Datasec _,
          BtfType.Float _,
          BtfType.DeclTag _,
          BtfType.TypeTag _,
          BtfType.Unknown _ ->
          type;
    };
  }

  private static BtfType octet(String name) {
    return new BtfType.Int(name, 1, 0, 8, false, false, false);
  }

  /** A section as a struct, each variable a nameless member of the one byte that it became. */
  private static BtfType struct(BtfType.Datasec section) {
    List<BtfType.Member> members = new ArrayList<>();
    for (BtfType.Variable variable : section.variables()) {
      members.add(new BtfType.Member("", variable.type(), variable.offset() * 8, 0));
    }
    // The names of sections may have characters that those of structs may not.
    String name = section.name().replace('.', '_').replace('?', '_');
    return new BtfType.Struct(name, section.size(), members);
  }

  private BtfType union(BtfType.Enum64 type) {
    if (placeholder == 0) {
      placeholder = builder.add(octet("enum64_placeholder"));
    }
    List<BtfType.Member> members = new ArrayList<>();
    for (BtfType.Enumerator value : type.values()) {
      members.add(new BtfType.Member(value.name(), placeholder, 0, 0));
    }
    return new BtfType.Union(type.name(), type.size(), members);
  }

  private static BtfType unsigned(BtfType.Enum type) {
    List<BtfType.Enumerator> values = new ArrayList<>();
    for (BtfType.Enumerator value : type.values()) {
      values.add(new BtfType.Enumerator(value.name(), Integer.toUnsignedLong((int) value.value())));
    }
    return new BtfType.Enum(type.name(), type.size(), false, values);
  }
}
