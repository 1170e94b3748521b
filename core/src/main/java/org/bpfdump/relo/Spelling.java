// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

import org.bpfdump.btf.BtfType;
import org.bpfdump.error.BpfdumpException;

/** Spells what a relocation is about as C does: {@code struct path.dentry}. */
final class Spelling {
  /** Characters of one name that are shown; hostile names may have megabytes. */
  private static final int MAX_NAME = 128;

  private Spelling() {}

  /** The type and the path from it; never fails, whatever the relocation is. */
  static String of(CoreRelocation relocation, Types local) {
    StringBuilder text = new StringBuilder();
    try {
      type(relocation.type(), local, text);
      switch (Resolver.question(relocation, local)) {
        case FieldQuestion question -> path(question.field(), text);
        case EnumeratorQuestion question ->
            text.append("::").append(shorten(question.enumerator().name()));
        case TypeQuestion _ -> {}
      }
    } catch (BpfdumpException _) {
      // What cannot be spelled is why there is a message in the first place.
      if (text.isEmpty()) {
        text.append("type ").append(Integer.toUnsignedString(relocation.type()));
      }
      text.append(" + ").append(shorten(relocation.access()));
    }
    return text.toString();
  }

  private static void type(int id, Types local, StringBuilder text) {
    String name = local.name(id);
    text.append(
        switch (local.type(id)) {
          case BtfType.Struct _ -> "struct ";
          case BtfType.Union _ -> "union ";
          case BtfType.Enumeration _ -> "enum ";
          case BtfType.Fwd forward -> forward.union() ? "union " : "struct ";
          case BtfType.Modifier _,
              BtfType.Void _,
              BtfType.Int _,
              BtfType.Ptr _,
              BtfType.Array _,
              BtfType.Func _,
              BtfType.FuncProto _,
              BtfType.Var _,
              BtfType.Datasec _,
              BtfType.Float _,
              BtfType.DeclTag _,
              BtfType.Unknown _ ->
              "";
        });
    text.append(name.isEmpty() ? "(no name)" : shorten(name));
  }

  private static void path(Access field, StringBuilder text) {
    boolean first = true;
    for (Access.Step step : field.steps()) {
      switch (step) {
        case Access.Field member -> text.append('.').append(shorten(member.name()));
        case Access.Element element -> {
          if (!first || element.index() != 0) {
            text.append('[').append(element.index()).append(']');
          }
        }
      }
      first = false;
    }
  }

  private static String shorten(String name) {
    return name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME) + "...";
  }
}
