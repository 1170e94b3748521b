// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

import java.util.List;
import org.bpfdump.btf.BtfType;

/**
 * Whether a kernel's type has all that a local one has (TYPE_MATCHES): each local member under its
 * name and with a matching type, each enumerator by name, integers of one size and sign. Behind a
 * pointer the name and kind of a struct are enough.
 */
final class TypeMatch {
  private final Types local;
  private final Types kernel;

  TypeMatch(Types local, Types kernel) {
    this.local = local;
    this.kernel = kernel;
  }

  boolean check(int localType, int kernelType) {
    return check(localType, kernelType, false, TypeCompatibility.MAX_DEPTH);
  }

  private boolean check(int localType, int kernelType, boolean behindPointer, int level) {
    if (level <= 0) {
      throw TypeCompatibility.tooDeep();
    }
    boolean behind = behindPointer;
    int ourId = localType;
    int theirId = kernelType;
    for (int i = 0; i < TypeCompatibility.MAX_DEPTH; i++) {
      local.allowance().spend(1);
      ourId = local.resolve(ourId);
      theirId = kernel.resolve(theirId);
      if (!FieldCompatibility.sameName(local.name(ourId), kernel.name(theirId))) {
        return false;
      }
      BtfType theirs = kernel.type(theirId);
      switch (local.type(ourId)) {
        case BtfType.Ptr pointer -> {
          if (!(theirs instanceof BtfType.Ptr other)) {
            return false;
          }
          behind = true;
          ourId = pointer.type();
          theirId = other.type();
          continue;
        }
        case BtfType.Array array -> {
          if (!(theirs instanceof BtfType.Array other) || array.count() != other.count()) {
            return false;
          }
          ourId = array.element();
          theirId = other.element();
          continue;
        }
        case BtfType.FuncProto proto -> {
          if (!(theirs instanceof BtfType.FuncProto other)
              || !parameters(proto.parameters(), other.parameters(), behind, level)) {
            return false;
          }
          ourId = proto.returns();
          theirId = other.returns();
          continue;
        }
        case BtfType.Void _ -> {
          return theirs instanceof BtfType.Void;
        }
        case BtfType.Int integer -> {
          return theirs instanceof BtfType.Int other
              && integer.size() == other.size()
              && integer.signed() == other.signed();
        }
        case BtfType.Enumeration enumeration -> {
          return theirs instanceof BtfType.Enumeration other && enumerators(enumeration, other);
        }
        case BtfType.Fwd forward -> {
          return forward(forward.union(), theirs, behind);
        }
        case BtfType.Composite composite -> {
          boolean union = composite instanceof BtfType.Union;
          if (behind) {
            return forward(union, theirs, true);
          }
          return theirs instanceof BtfType.Composite other
              && union == other instanceof BtfType.Union
              && members(composite.members(), other.members(), level);
        }
        case BtfType.Modifier _,
            BtfType.Float _,
            BtfType.Func _,
            BtfType.Var _,
            BtfType.Datasec _,
            BtfType.DeclTag _,
            BtfType.Unknown _ -> {
          return false;
        }
      }
    }
    throw TypeCompatibility.tooDeep();
  }

  /** Whether {@code theirs} is a declaration, or behind a pointer a definition, of this kind. */
  private static boolean forward(boolean union, BtfType theirs, boolean behind) {
    return (theirs instanceof BtfType.Fwd other && union == other.union())
        || (behind
            && theirs instanceof BtfType.Composite
            && union == theirs instanceof BtfType.Union);
  }

  private boolean parameters(
      List<BtfType.Parameter> ours, List<BtfType.Parameter> theirs, boolean behind, int level) {
    if (ours.size() != theirs.size()) {
      return false;
    }
    for (int i = 0; i < ours.size(); i++) {
      if (!check(ours.get(i).type(), theirs.get(i).type(), behind, level - 1)) {
        return false;
      }
    }
    return true;
  }

  private boolean members(List<BtfType.Member> ours, List<BtfType.Member> theirs, int level) {
    if (ours.size() > theirs.size()) {
      return false;
    }
    for (BtfType.Member member : ours) {
      if (!hasMember(theirs, member, level)) {
        return false;
      }
    }
    return true;
  }

  private boolean hasMember(List<BtfType.Member> theirs, BtfType.Member wanted, int level) {
    for (BtfType.Member member : theirs) {
      local.allowance().spend(1);
      if (FieldCompatibility.sameName(wanted.name(), member.name())
          && check(wanted.type(), member.type(), false, level - 1)) {
        return true;
      }
    }
    return false;
  }

  private boolean enumerators(BtfType.Enumeration ours, BtfType.Enumeration theirs) {
    if (ours.size() != theirs.size() || ours.values().size() > theirs.values().size()) {
      return false;
    }
    for (BtfType.Enumerator wanted : ours.values()) {
      if (EnumeratorQuestion.find(theirs, wanted.name(), local.allowance()) == null) {
        return false;
      }
    }
    return true;
  }
}
