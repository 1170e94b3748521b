// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.btf;

/** One type as {@code bpftool btf dump format raw} prints it. */
final class RawDump {
  private RawDump() {}

  static String of(Btf btf, int id) {
    StringBuilder out = new StringBuilder("[" + id + "] ");
    switch (btf.type(id)) {
      case BtfType.Void _, BtfType.Unknown _ -> throw new AssertionError("type " + id);
      case BtfType.Int t ->
          out.append(
              "INT %s size=%d bits_offset=%d nr_bits=%d encoding=%s\n"
                  .formatted(
                      name(t.name()),
                      t.size(),
                      t.bitOffset(),
                      t.bits(),
                      t.signed()
                          ? "SIGNED"
                          : t.bool() ? "BOOL" : t.character() ? "CHAR" : "(none)"));
      case BtfType.Ptr t -> reference(out, "PTR", "", t.type());
      case BtfType.Array t ->
          out.append(
              "ARRAY '(anon)' type_id=%d index_type_id=%d nr_elems=%d\n"
                  .formatted(t.element(), t.index(), t.count()));
      case BtfType.Struct t -> composite(out, "STRUCT", t);
      case BtfType.Union t -> composite(out, "UNION", t);
      case BtfType.Enum t -> enumeration(out, "ENUM", "", t);
      case BtfType.Enum64 t -> enumeration(out, "ENUM64", t.signed() ? "LL" : "ULL", t);
      case BtfType.Fwd t ->
          out.append(
              "FWD %s fwd_kind=%s\n".formatted(name(t.name()), t.union() ? "union" : "struct"));
      case BtfType.Typedef t -> reference(out, "TYPEDEF", t.name(), t.type());
      case BtfType.Volatile t -> reference(out, "VOLATILE", "", t.type());
      case BtfType.Const t -> reference(out, "CONST", "", t.type());
      case BtfType.Restrict t -> reference(out, "RESTRICT", "", t.type());
      case BtfType.Func t ->
          out.append(
              "FUNC %s type_id=%d linkage=%s\n"
                  .formatted(name(t.name()), t.type(), linkage(t.linkage())));
      case BtfType.FuncProto t -> {
        out.append(
            "FUNC_PROTO '(anon)' ret_type_id=%d vlen=%d\n"
                .formatted(t.returns(), t.parameters().size()));
        for (BtfType.Parameter p : t.parameters()) {
          out.append("\t%s type_id=%d\n".formatted(name(p.name()), p.type()));
        }
      }
      case BtfType.Var t ->
          out.append(
              "VAR %s type_id=%d, linkage=%s\n"
                  .formatted(name(t.name()), t.type(), linkage(t.linkage())));
      case BtfType.Datasec t -> {
        out.append(
            "DATASEC %s size=%d vlen=%d\n"
                .formatted(name(t.name()), t.size(), t.variables().size()));
        for (BtfType.Variable v : t.variables()) {
          out.append(
              "\ttype_id=%d offset=%d size=%d (VAR %s)\n"
                  .formatted(v.type(), v.offset(), v.size(), name(btf.name(v.type()))));
        }
      }
      case BtfType.Float t -> out.append("FLOAT %s size=%d\n".formatted(name(t.name()), t.size()));
      case BtfType.DeclTag t ->
          out.append(
              "DECL_TAG %s type_id=%d component_idx=%d\n"
                  .formatted(name(t.name()), t.type(), t.component()));
      case BtfType.TypeTag t -> reference(out, "TYPE_TAG", t.name(), t.type());
    }
    return out.toString();
  }

  private static void reference(StringBuilder out, String kind, String name, int type) {
    out.append("%s %s type_id=%d\n".formatted(kind, name(name), type));
  }

  private static void composite(StringBuilder out, String kind, BtfType.Composite type) {
    out.append(
        "%s %s size=%d vlen=%d\n"
            .formatted(kind, name(type.name()), type.size(), type.members().size()));
    for (BtfType.Member member : type.members()) {
      out.append(
          "\t%s type_id=%d bits_offset=%d"
              .formatted(name(member.name()), member.type(), member.bitOffset()));
      out.append(member.bitfieldSize() == 0 ? "" : " bitfield_size=" + member.bitfieldSize());
      out.append('\n');
    }
  }

  private static void enumeration(
      StringBuilder out, String kind, String suffix, BtfType.Enumeration type) {
    out.append(
        "%s %s encoding=%s size=%d vlen=%d\n"
            .formatted(
                kind,
                name(type.name()),
                type.signed() ? "SIGNED" : "UNSIGNED",
                type.size(),
                type.values().size()));
    for (BtfType.Enumerator e : type.values()) {
      String value = type.signed() ? "" + e.value() : Long.toUnsignedString(e.value());
      out.append("\t%s val=%s%s\n".formatted(name(e.name()), value, suffix));
    }
  }

  private static String linkage(BtfType.Linkage linkage) {
    return switch (linkage) {
      case STATIC -> "static";
      case GLOBAL -> "global";
      case EXTERN -> "extern";
    };
  }

  private static String name(String name) {
    return name.isEmpty() ? "'(anon)'" : "'" + name + "'";
  }
}
