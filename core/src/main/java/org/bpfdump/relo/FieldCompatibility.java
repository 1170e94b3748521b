// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.error.RelocationException;

/**
 * Whether a kernel's field may stand for a local one. Qualifiers and typedefs do not count, nor do
 * sizes and signs: those are what the other relocations ask for.
 */
final class FieldCompatibility {
  private FieldCompatibility() {}

  static boolean check(Types local, int localField, Types kernel, int kernelField) {
    int localType = localField;
    int kernelType = kernelField;
    for (int i = 0; i < Types.MAX_CHAIN; i++) {
      BtfType ours = local.resolved(localType);
      BtfType theirs = kernel.resolved(kernelType);
      switch (ours) {
        case BtfType.Array array -> {
          if (!(theirs instanceof BtfType.Array other)) {
            return false;
          }
          localType = array.element();
          kernelType = other.element();
          continue;
        }
        case BtfType.Composite _ -> {
          return theirs instanceof BtfType.Composite;
        }
        case BtfType.Ptr _ -> {
          return theirs instanceof BtfType.Ptr;
        }
        case BtfType.Float _ -> {
          return theirs instanceof BtfType.Float;
        }
        case BtfType.Int integer -> {
          // An integer that begins inside its bytes is how bitfields were written long ago.
          return theirs instanceof BtfType.Int other
              && integer.bitOffset() == 0
              && other.bitOffset() == 0;
        }
        case BtfType.Enumeration _ -> {
          return theirs instanceof BtfType.Enumeration && namesAgree(ours, theirs);
        }
        case BtfType.Fwd _ -> {
          return theirs instanceof BtfType.Fwd && namesAgree(ours, theirs);
        }
        case BtfType.Void _,
            BtfType.Modifier _,
            BtfType.Func _,
            BtfType.FuncProto _,
            BtfType.Var _,
            BtfType.Datasec _,
            BtfType.DeclTag _,
            BtfType.Unknown _ -> {
          return false;
        }
      }
    }
    throw new RelocationException(
        "an array nests deeper than 64 arrays; compile the program again");
  }

  private static boolean namesAgree(BtfType ours, BtfType theirs) {
    return ours.name().isEmpty() || theirs.name().isEmpty() || sameName(ours.name(), theirs.name());
  }

  /** Whether two names are one but for their flavours. */
  static boolean sameName(String ours, String theirs) {
    return ours.equals(theirs) || Btf.essentialName(ours).equals(Btf.essentialName(theirs));
  }
}
