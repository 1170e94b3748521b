// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.btf.Kind;
import org.bpfdump.error.RelocationException;

/**
 * Whether a kernel's field may stand for a local one. Qualifiers and typedefs do not count, nor do
 * sizes and signs: those are what the other relocations ask for.
 */
final class FieldCompatibility {
  private FieldCompatibility() {}

  static boolean check(Types local, int localField, Types kernel, int kernelField) {
    int ours = localField;
    int theirs = kernelField;
    for (int i = 0; i < Types.MAX_CHAIN; i++) {
      ours = local.resolve(ours);
      theirs = kernel.resolve(theirs);
      int kind = kernel.kind(theirs);
      // By number: structs with all their members need not be decoded for this.
      switch (local.kind(ours)) {
        case Kind.ARRAY -> {
          if (!(local.type(ours) instanceof BtfType.Array array)
              || !(kernel.type(theirs) instanceof BtfType.Array other)) {
            return false;
          }
          ours = array.element();
          theirs = other.element();
        }
        case Kind.STRUCT, Kind.UNION -> {
          return kind == Kind.STRUCT || kind == Kind.UNION;
        }
        case Kind.PTR -> {
          return kind == Kind.PTR;
        }
        case Kind.FLOAT -> {
          return kind == Kind.FLOAT;
        }
        case Kind.INT -> {
          // An integer that begins inside its bytes is how bitfields were written long ago.
          return local.type(ours) instanceof BtfType.Int integer
              && kernel.type(theirs) instanceof BtfType.Int other
              && integer.bitOffset() == 0
              && other.bitOffset() == 0;
        }
        case Kind.ENUM, Kind.ENUM64 -> {
          return (kind == Kind.ENUM || kind == Kind.ENUM64)
              && namesAgree(local.name(ours), kernel.name(theirs));
        }
        case Kind.FWD -> {
          return kind == Kind.FWD && namesAgree(local.name(ours), kernel.name(theirs));
        }
        default -> {
          return false;
        }
      }
    }
    throw new RelocationException(
        "an array nests deeper than 64 arrays; compile the program again");
  }

  private static boolean namesAgree(String ours, String theirs) {
    return ours.isEmpty() || theirs.isEmpty() || sameName(ours, theirs);
  }

  /** Whether two names are one but for their flavours. */
  static boolean sameName(String ours, String theirs) {
    return ours.equals(theirs) || Btf.essentialName(ours).equals(Btf.essentialName(theirs));
  }
}
