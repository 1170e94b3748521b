// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

import java.util.ArrayList;
import java.util.List;
import org.bpfdump.btf.BtfType;
import org.bpfdump.error.RelocationException;

/**
 * Finds a local field in a candidate: the same names and indices, each step of a compatible type.
 * Anonymous structs and unions are looked into wherever the kernel has them, whatever local BTF
 * has.
 */
final class FieldMatcher {
  private final Types local;
  private final Types kernel;
  private final List<Access.Step> steps = new ArrayList<>();

  /** Id of the type reached. */
  private int at;

  private long bits;
  private int depth;

  private FieldMatcher(Types local, Types kernel, int candidate) {
    this.local = local;
    this.kernel = kernel;
    this.at = candidate;
  }

  /**
   * The field in the kernel's type {@code candidate}; null when that has none that is compatible.
   */
  static Access match(Access field, Types kernel, int candidate) {
    FieldMatcher matcher = new FieldMatcher(field.types(), kernel, candidate);
    for (Access.Step step : field.steps()) {
      boolean found =
          step instanceof Access.Field member
              ? matcher.find(member, matcher.at) == Found.YES
              : matcher.element(step.index());
      if (!found) {
        return null;
      }
    }
    return new Access(kernel, matcher.steps, matcher.bits);
  }

  private boolean element(int index) {
    at = kernel.resolve(at);
    if (!steps.isEmpty()) {
      if (!(kernel.type(at) instanceof BtfType.Array array)
          || !Access.inBounds(steps.getLast(), array.count(), index)) {
        return false;
      }
      at = kernel.resolve(array.element());
    }
    deeper();
    steps.add(new Access.Element(at, index));
    bits += Access.bits(index, kernel.sizeOf(at));
    return true;
  }

  private enum Found {
    YES,
    /** There is a member of the name, of another type. */
    INCOMPATIBLE,
    NO
  }

  /** Looks for a member in a type and, on success, moves there. */
  private Found find(Access.Field wanted, int type) {
    int owner = kernel.resolve(type);
    if (!(kernel.type(owner) instanceof BtfType.Composite composite)) {
      return Found.NO;
    }
    List<BtfType.Member> members = composite.members();
    deeper();
    for (int i = 0; i < members.size(); i++) {
      kernel.allowance().spend(1);
      BtfType.Member member = members.get(i);
      Found found = Found.NO;
      if (member.name().isEmpty()) {
        found = find(wanted, member.type());
      } else if (member.name().equals(wanted.name())) {
        found = Found.INCOMPATIBLE;
        if (FieldCompatibility.check(local, wanted.type(), kernel, member.type())) {
          steps.add(LocalAccess.field(owner, i, members));
          at = member.type();
          found = Found.YES;
        }
      }
      if (found == Found.YES) {
        bits += Integer.toUnsignedLong(member.bitOffset());
      }
      if (found != Found.NO) {
        return found;
      }
    }
    depth--;
    return Found.NO;
  }

  private void deeper() {
    if (depth++ == AccessPath.MAX_STEPS) {
      throw new RelocationException(
          "the kernel's type nests deeper than 64 structs; its BTF may be damaged");
    }
  }
}
