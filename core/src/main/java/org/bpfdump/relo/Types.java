// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.btf.Kind;
import org.bpfdump.error.RelocationException;

/**
 * One BTF as relocations look at it: types with members stay decoded, since a program asks for the
 * same few again and again.
 */
final class Types {
  /** Qualifiers, typedefs or array dimensions in a row. */
  static final int MAX_CHAIN = 64;

  /** Decoded members kept at most: about 10 MB. */
  private static final int MAX_KEPT = 1 << 17;

  /** Decoding a member costs as much as looking at this many. */
  private static final int DECODING = 8;

  private final Btf btf;
  private final Allowance allowance;
  private final Map<Integer, BtfType> kept = new HashMap<>();
  private int keptMembers;

  Types(Btf btf, Allowance allowance) {
    this.btf = btf;
    this.allowance = allowance;
  }

  Btf btf() {
    return btf;
  }

  Allowance allowance() {
    return allowance;
  }

  ByteOrder order() {
    return btf.order();
  }

  int kind(int id) {
    return btf.kind(id);
  }

  String name(int id) {
    return btf.name(id);
  }

  BtfType type(int id) {
    return switch (btf.kind(id)) {
      case Kind.STRUCT, Kind.UNION, Kind.ENUM, Kind.ENUM64 -> {
        BtfType type = kept.get(id);
        yield type != null ? type : decode(id);
      }
      default -> btf.type(id);
    };
  }

  private BtfType decode(int id) {
    BtfType type = btf.type(id);
    int members = 0;
    if (type instanceof BtfType.Composite composite) {
      members = composite.members().size();
    } else if (type instanceof BtfType.Enumeration enumeration) {
      members = enumeration.values().size();
    }
    allowance.spend((long) members * DECODING);
    keptMembers += members;
    if (keptMembers > MAX_KEPT) {
      kept.clear();
      keptMembers = members;
    }
    kept.put(id, type);
    return type;
  }

  /** The id reached through typedefs, qualifiers and type tags. */
  int resolve(int id) {
    int at = id;
    for (int i = 0; i < MAX_CHAIN; i++) {
      switch (btf.kind(at)) {
        case Kind.TYPEDEF, Kind.VOLATILE, Kind.CONST, Kind.RESTRICT, Kind.TYPE_TAG -> {
          if (btf.type(at) instanceof BtfType.Modifier modifier) {
            at = modifier.type();
          }
        }
        default -> {
          return at;
        }
      }
    }
    throw new RelocationException(
        "BTF type " + id + " is a chain of qualifiers without end; compile the program again");
  }

  BtfType resolved(int id) {
    return type(resolve(id));
  }

  /**
   * The id of what an array of any dimensions holds, or {@code id} resolved when it is no array.
   */
  int innermost(int id) {
    int at = resolve(id);
    for (int i = 0; i < MAX_CHAIN; i++) {
      if (btf.kind(at) != Kind.ARRAY || !(btf.type(at) instanceof BtfType.Array array)) {
        return at;
      }
      at = resolve(array.element());
    }
    throw new RelocationException(
        "BTF type " + id + " is an array of arrays without end; compile the program again");
  }

  /** Size in bytes, at most 2^32 - 1. */
  long sizeOf(int id) {
    long size =
        resolved(id) instanceof BtfType.Composite composite
            ? Integer.toUnsignedLong(composite.size())
            : btf.sizeOf(id);
    if (size > 0xFFFF_FFFFL) {
      throw new RelocationException("BTF type " + id + " is larger than 4 GiB");
    }
    return size;
  }
}
