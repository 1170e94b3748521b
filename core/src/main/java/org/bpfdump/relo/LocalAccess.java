// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

import java.util.ArrayList;
import java.util.List;
import org.bpfdump.btf.BtfType;
import org.bpfdump.error.RelocationException;

/** Follows an access string through local BTF. */
final class LocalAccess {
  private LocalAccess() {}

  /** The field that {@code path} leads to from the type {@code root}. */
  static Access follow(Types local, int root, int[] path) {
    List<Access.Step> steps = new ArrayList<>(path.length);
    int at = local.resolve(root);
    steps.add(new Access.Element(at, path[0]));
    long bits = Access.bits(path[0], local.sizeOf(at));
    for (int i = 1; i < path.length; i++) {
      int index = path[i];
      BtfType type = local.type(at);
      if (type instanceof BtfType.Composite composite) {
        List<BtfType.Member> members = composite.members();
        if (index >= members.size()) {
          throw damaged("member " + index + " of " + members.size());
        }
        BtfType.Member member = members.get(index);
        bits += Integer.toUnsignedLong(member.bitOffset());
        if (!member.name().isEmpty()) {
          steps.add(field(at, index, members));
        }
        at = local.resolve(member.type());
      } else if (type instanceof BtfType.Array array) {
        if (!Access.inBounds(steps.getLast(), array.count(), index)) {
          throw damaged("element " + index + " of " + Integer.toUnsignedString(array.count()));
        }
        at = local.resolve(array.element());
        steps.add(new Access.Element(at, index));
        bits += Access.bits(index, local.sizeOf(at));
      } else {
        throw damaged("a member of what has none");
      }
    }
    return new Access(local, steps, bits);
  }

  static Access.Field field(int owner, int index, List<BtfType.Member> members) {
    BtfType.Member member = members.get(index);
    return new Access.Field(
        owner,
        index,
        member.name(),
        member.type(),
        member.bitfieldSize(),
        index == members.size() - 1);
  }

  private static RelocationException damaged(String what) {
    return new RelocationException(
        "its access string asks for " + what + "; compile the program again");
  }
}
