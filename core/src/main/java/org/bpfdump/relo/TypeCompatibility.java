// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

import org.bpfdump.btf.BtfType;
import org.bpfdump.btf.Kind;
import org.bpfdump.error.RelocationException;

/**
 * Whether a kernel's type may stand for a local one of the same name. Pointers, arrays and
 * prototypes are compared by what they are made of; of anything with a name only the kind counts.
 */
final class TypeCompatibility {
  /** Depth of prototypes within prototypes, and of pointers in a row, as libbpf has it. */
  static final int MAX_DEPTH = 32;

  private final Types local;
  private final Types kernel;

  TypeCompatibility(Types local, Types kernel) {
    this.local = local;
    this.kernel = kernel;
  }

  boolean check(int localType, int kernelType) {
    return sameKind(local.kind(localType), kernel.kind(kernelType))
        && check(localType, kernelType, MAX_DEPTH);
  }

  private boolean check(int localType, int kernelType, int level) {
    int ourId = localType;
    int theirId = kernelType;
    for (int i = 0; i < MAX_DEPTH; i++) {
      local.allowance().spend(1);
      ourId = local.resolve(ourId);
      theirId = kernel.resolve(theirId);
      if (!sameKind(local.kind(ourId), kernel.kind(theirId))) {
        return false;
      }
      // By number: structs with all their members need not be decoded for this.
      switch (local.kind(ourId)) {
        case Kind.VOID, Kind.STRUCT, Kind.UNION, Kind.ENUM, Kind.ENUM64, Kind.FWD -> {
          return true;
        }
        case Kind.INT, Kind.PTR, Kind.ARRAY, Kind.FUNC_PROTO -> {}
        default -> {
          return false;
        }
      }
      BtfType theirs = kernel.type(theirId);
      switch (local.type(ourId)) {
        case BtfType.Ptr pointer when theirs instanceof BtfType.Ptr other -> {
          ourId = pointer.type();
          theirId = other.type();
        }
        case BtfType.Array array when theirs instanceof BtfType.Array other -> {
          ourId = array.element();
          theirId = other.element();
        }
        case BtfType.FuncProto proto when theirs instanceof BtfType.FuncProto other -> {
          if (!parameters(proto, other, level)) {
            return false;
          }
          ourId = proto.returns();
          theirId = other.returns();
        }
        case BtfType.Int integer when theirs instanceof BtfType.Int other -> {
          return integer.bitOffset() == 0 && other.bitOffset() == 0;
        }
        case BtfType _ -> {
          return false;
        }
      }
    }
    throw tooDeep();
  }

  private boolean parameters(BtfType.FuncProto ours, BtfType.FuncProto theirs, int level) {
    int count = ours.parameters().size();
    if (count != theirs.parameters().size()) {
      return false;
    }
    if (count > 0 && level == 0) {
      throw tooDeep();
    }
    for (int i = 0; i < count; i++) {
      if (!check(ours.parameters().get(i).type(), theirs.parameters().get(i).type(), level - 1)) {
        return false;
      }
    }
    return true;
  }

  /** Whether types of these kinds may be candidates for each other: enums of any width are one. */
  static boolean sameKind(int ours, int theirs) {
    return ours == theirs || (isEnum(ours) && isEnum(theirs));
  }

  private static boolean isEnum(int kind) {
    return kind == Kind.ENUM || kind == Kind.ENUM64;
  }

  static RelocationException tooDeep() {
    return new RelocationException("the type nests deeper than 32 types; name the types inside it");
  }
}
