// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import java.util.ArrayList;
import java.util.List;
import org.bpfdump.btf.BtfType;

/** Members of structs and unions, those of members without a name included, as C has them. */
final class Members {
  private final Types types;

  Members(Types types) {
    this.types = types;
  }

  /**
   * A member that was found.
   *
   * @param bit where it begins, in bits from the start of the struct it was looked for in
   * @param bits how many bits it has when it is a bitfield, else 0
   */
  record Found(String name, int type, long bit, int bits) {}

  /** The member of this name, or null. */
  Found find(int composite, String name) {
    return find(composite, name, 0, 0);
  }

  private Found find(int id, String name, long base, int depth) {
    BtfType.Composite composite = types.composite(id);
    if (composite == null || depth > Types.DEEPEST) {
      return null;
    }
    for (BtfType.Member member : composite.members()) {
      if (member.name().equals(name)) {
        return found(member, base);
      }
    }
    for (BtfType.Member member : composite.members()) {
      if (member.name().isEmpty() && member.bitfieldSize() == 0) {
        Found found = find(member.type(), name, base + bit(member), depth + 1);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  /**
   * Where a member of this name is inside members of a struct, as {@code sk.__sk_common}; empty for
   * nowhere. The nearest to the surface, and the first of those.
   */
  String inside(int composite, String name) {
    for (int depth = 1; depth <= 4; depth++) {
      String path = inside(composite, name, depth);
      if (!path.isEmpty()) {
        return path;
      }
    }
    return "";
  }

  private String inside(int composite, String name, int depth) {
    for (Found member : all(composite)) {
      if (member.bits() == 0 && types.composite(member.type()) != null) {
        if (depth == 1) {
          if (find(member.type(), name) != null) {
            return member.name();
          }
        } else {
          String path = inside(member.type(), name, depth - 1);
          if (!path.isEmpty()) {
            return member.name() + "." + path;
          }
        }
      }
    }
    return "";
  }

  /** All that can be named, in the order of declaration. */
  List<Found> all(int composite) {
    List<Found> found = new ArrayList<>();
    collect(composite, 0, 0, found);
    return found;
  }

  /** The names of {@link #all}. */
  List<String> names(int composite) {
    List<String> names = new ArrayList<>();
    for (Found found : all(composite)) {
      names.add(found.name());
    }
    return names;
  }

  private void collect(int id, long base, int depth, List<Found> found) {
    BtfType.Composite composite = types.composite(id);
    if (composite == null || depth > Types.DEEPEST) {
      return;
    }
    for (BtfType.Member member : composite.members()) {
      if (!member.name().isEmpty()) {
        found.add(found(member, base));
      } else if (member.bitfieldSize() == 0) {
        collect(member.type(), base + bit(member), depth + 1, found);
      }
    }
  }

  private static Found found(BtfType.Member member, long base) {
    return new Found(member.name(), member.type(), base + bit(member), member.bitfieldSize());
  }

  private static long bit(BtfType.Member member) {
    return Integer.toUnsignedLong(member.bitOffset());
  }
}
