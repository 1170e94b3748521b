// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import java.util.List;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.btf.Kind;

/**
 * What the verifier says to a load through a pointer to a struct. It follows offsets, not names:
 * the first member that has the bytes decides, whichever was meant. Source: {@code btf_struct_walk}
 * in {@code kernel/bpf/btf.c}.
 */
final class Walk {
  private final Types types;
  private final Btf btf;

  /**
   * Whether the verifier also lets be read what pointers to other things than structs lead to
   * (Linux 6.17). Then it no longer minds reads beyond a member of a union either.
   */
  private final boolean leaves;

  Walk(Types types) {
    this.types = types;
    this.btf = types.btf();
    this.leaves = types.enumerator("bpf_struct_walk_result", "WALK_PTR_UNTRUSTED") >= 0;
  }

  /** The answer. */
  sealed interface Answer {
    /** The program would not be loaded. */
    record Refused() implements Answer {}

    /** The register has a number. */
    record Plain() implements Answer {}

    /**
     * The register has a pointer to this struct.
     *
     * @param trusted false when it was read from a union, and helpers do not take it
     */
    record Pointer(int struct, boolean trusted) implements Answer {}

    /** The register has a pointer to memory of which nothing is known; it can be read. */
    record Memory() implements Answer {}

    /** A pointer whose memory cannot be read: {@code user} or {@code percpu}. */
    record Elsewhere(String tag) implements Answer {}
  }

  private static final Answer REFUSED = new Answer.Refused();
  private static final Answer PLAIN = new Answer.Plain();
  private static final Answer MEMORY = new Answer.Memory();

  /** What a load of so many bytes at an offset of a struct gives. */
  Answer load(int struct, long offset, long size) {
    BtfType.Composite at = types.composite(struct);
    long off = offset;
    boolean trusted = true;
    for (int depth = 0; at != null && off >= 0 && depth < Types.DEEPEST; depth++) {
      trusted &= !(at instanceof BtfType.Union) || at.members().size() == 1;
      if (off + size > Integer.toUnsignedLong(at.size())) {
        BtfType.Array tail = tail(at, off);
        if (tail == null) {
          return REFUSED;
        }
        switch (types.resolved(tail.element())) {
          case BtfType.Int element -> {
            return PLAIN;
          }
          case BtfType.Composite element when element.size() != 0 -> {
            off = (off - start(at.members().getLast())) % Integer.toUnsignedLong(element.size());
            at = element;
          }
          case BtfType other -> {
            return REFUSED;
          }
        }
        continue;
      }
      BtfType.Member member = member(at, off, size);
      if (member == null) {
        return REFUSED;
      }
      if (member.bitfieldSize() != 0) {
        return PLAIN;
      }
      long end = start(member) + btf.sizeOf(member.type());
      long inside = off - start(member);
      int element = element(member.type());
      long length = btf.sizeOf(element);
      if (length != 0) {
        inside %= length;
      }
      BtfType type = types.resolved(element);
      if (type instanceof BtfType.Composite composite) {
        at = composite;
        off = inside;
        continue;
      }
      if (type instanceof BtfType.Ptr pointer) {
        return inside == 0 && size == length ? pointer(pointer, trusted) : REFUSED;
      }
      return off + size > end && (trusted || !leaves) ? REFUSED : PLAIN;
    }
    return REFUSED;
  }

  /** The array without length at the end of a struct, if the offset is in it. */
  private BtfType.Array tail(BtfType.Composite struct, long off) {
    if (struct.members().isEmpty()) {
      return null;
    }
    BtfType.Member last = struct.members().getLast();
    return types.resolved(last.type()) instanceof BtfType.Array array
            && array.count() == 0
            && off >= start(last)
        ? array
        : null;
  }

  /** The first member that has what is loaded, or null. */
  private BtfType.Member member(BtfType.Composite struct, long off, long size) {
    List<BtfType.Member> members = struct.members();
    for (int i = 0; i < members.size(); i++) {
      BtfType.Member member = members.get(i);
      long start = start(member);
      if (off + size <= start) {
        return null;
      }
      if (member.bitfieldSize() != 0) {
        long end = (Integer.toUnsignedLong(member.bitOffset()) + member.bitfieldSize() + 7) / 8;
        if (off <= start && end <= off + size) {
          return member;
        }
        continue;
      }
      if (off < start || types.size(member.type()) < 0) {
        return null;
      }
      if (off < start + btf.sizeOf(member.type())) {
        return member;
      }
    }
    return null;
  }

  /** What an array, of arrays perhaps, is made of. */
  private int element(int id) {
    int at = types.resolve(id);
    for (int depth = 0; depth < Types.DEEPEST; depth++) {
      if (!(btf.type(at) instanceof BtfType.Array array)) {
        return at;
      }
      at = types.resolve(array.element());
    }
    return at;
  }

  private Answer pointer(BtfType.Ptr pointer, boolean trusted) {
    if (btf.kind(pointer.type()) == Kind.TYPE_TAG) {
      String tag = btf.name(pointer.type());
      if (tag.equals("user") || tag.equals("percpu")) {
        return new Answer.Elsewhere(tag);
      }
    }
    int to = types.resolve(pointer.type());
    if (types.composite(to) != null) {
      return new Answer.Pointer(to, trusted);
    }
    return leaves ? MEMORY : PLAIN;
  }

  private static long start(BtfType.Member member) {
    return Integer.toUnsignedLong(member.bitOffset()) / 8;
  }
}
