// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.btf;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bpfdump.error.MalformedException;

/**
 * How C has to be told the layout of a struct or union. BTF has no alignments, only where members
 * are; what a compiler would do without being told is worked out here (System V ABI, as x86-64,
 * arm64 and BPF have it) and compared.
 */
final class CLayout {
  /** How a compiler comes to a type's layout. */
  enum Form {
    /** By itself, where gaps are filled with padding. */
    NATURAL,
    /** With {@code packed}, where gaps are filled with padding. */
    PACKED,
    /** Not at all: members overlap or lie outside. */
    OPAQUE
  }

  private record Result(Form form, int align) {}

  private static final Result BUSY = new Result(Form.OPAQUE, 0);

  private final Btf btf;
  private final Map<Integer, Result> known = new HashMap<>();

  CLayout(Btf btf) {
    this.btf = btf;
  }

  Form form(int id, BtfType.Composite type) {
    return layout(id, type, 0).form;
  }

  /** {@code end} bits and what a compiler adds to them by itself, up to the type's alignment. */
  long rounded(int id, BtfType.Composite type, long end) {
    return roundUp(end, 8L * layout(id, type, 0).align);
  }

  /** Bits of a bitfield; 0 for any other member. */
  int bitfield(BtfType.Member member) {
    if (member.bitfieldSize() != 0) {
      return member.bitfieldSize();
    }
    // Before the kernel had flagged bitfields (4.20), an integer type said how many bits it has.
    return btf.resolved(member.type()) instanceof BtfType.Int t
            && t.bits() != 0
            && t.bits() != t.size() * 8
        ? t.bits()
        : 0;
  }

  /** Where a member starts, in bits. */
  long start(BtfType.Member member) {
    long offset = Integer.toUnsignedLong(member.bitOffset());
    return bitfield(member) != 0 && btf.resolved(member.type()) instanceof BtfType.Int t
        ? offset + t.bitOffset()
        : offset;
  }

  /** Bits that a member takes. */
  long width(BtfType.Member member) {
    int bits = bitfield(member);
    return bits != 0 ? bits : btf.sizeOf(member.type()) * 8;
  }

  /**
   * Where a member would come to lie after {@code position} bits if nothing were before it but what
   * is: aligned as its type is, or for a bitfield inside one unit of its type.
   */
  long natural(BtfType.Member member, long position, Form form) {
    return natural(member, position, form, 0);
  }

  private long natural(BtfType.Member member, long position, Form form, int depth) {
    int bits = bitfield(member);
    if (form == Form.PACKED) {
      return bits != 0 ? position : roundUp(position, 8);
    }
    if (bits == 0) {
      return roundUp(position, 8L * align(member.type(), depth + 1));
    }
    long unit = 8 * Math.max(1, btf.sizeOf(member.type()));
    return position / unit == (position + bits - 1) / unit ? position : roundUp(position, unit);
  }

  private static long roundUp(long position, long unit) {
    return (position + unit - 1) / unit * unit;
  }

  private Result layout(int id, BtfType.Composite type, int depth) {
    Result result = known.get(id);
    if (result == null) {
      if (depth > Btf.MAX_DEPTH) {
        throw new MalformedException("BTF type " + id + " nests without end", -1);
      }
      known.put(id, BUSY);
      int align = 1;
      for (BtfType.Member member : type.members()) {
        align = Math.max(align, align(member.type(), depth + 1));
      }
      if (fits(type, Form.NATURAL, align, depth)) {
        result = new Result(Form.NATURAL, align);
      } else {
        result = new Result(fits(type, Form.PACKED, 1, depth) ? Form.PACKED : Form.OPAQUE, 1);
      }
      known.put(id, result);
    } else if (result.align == 0) {
      throw new MalformedException("BTF type " + id + " contains itself", -1);
    }
    return result;
  }

  private boolean fits(BtfType.Composite type, Form form, int align, int depth) {
    boolean union = type instanceof BtfType.Union;
    long size = Integer.toUnsignedLong(type.size()) * 8;
    long end = 0;
    List<BtfType.Member> members = type.members();
    for (BtfType.Member member : members) {
      long start = start(member);
      long after = start + width(member);
      if (union ? start != 0 : natural(member, end, form, depth) > start) {
        return false;
      }
      if (natural(member, start, form, depth) != start || after > size) {
        return false;
      }
      end = union ? Math.max(end, after) : after;
    }
    return size % (8L * align) == 0 && roundUp(end, 8L * align) <= size;
  }

  /** Alignment in bytes. */
  private int align(int id, int depth) {
    int at = id;
    for (int step = 0; step < Btf.MAX_DEPTH; step++) {
      switch (btf.resolved(at)) {
        case BtfType.Array t -> {
          at = t.element();
          continue;
        }
        case BtfType.Ptr _ -> {
          return btf.pointerSize();
        }
        case BtfType.Int t -> {
          return scalar(t.size());
        }
        case BtfType.Float t -> {
          return scalar(t.size());
        }
        case BtfType.Enumeration t -> {
          return scalar(t.size());
        }
        case BtfType.Composite t -> {
          return layout(btf.resolve(at), t, depth).align;
        }
        case BtfType.Void _,
            BtfType.Fwd _,
            BtfType.Func _,
            BtfType.FuncProto _,
            BtfType.Var _,
            BtfType.Datasec _,
            BtfType.DeclTag _,
            BtfType.Modifier _,
            BtfType.Unknown _ ->
            throw new MalformedException("BTF type " + id + " has no size", -1);
      }
    }
    throw new MalformedException("BTF type " + id + " nests without end", -1);
  }

  private static int scalar(int size) {
    return size <= 0 ? 1 : Math.min(16, Integer.highestOneBit(size));
  }
}
