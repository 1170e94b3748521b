// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.error.UnsupportedException;

/** The layouts of a kernel's structs, by name. Safe for use by several threads. */
public final class Types {
  /** Anonymous structs inside each other, more than any kernel has. */
  private static final int DEEPEST = 16;

  /** Bytes of a struct: the largest that walks ask for have some thousands. */
  private static final long LARGEST = 1 << 20;

  private final Btf btf;
  private final ConcurrentMap<String, Optional<Field>> found = new ConcurrentHashMap<>();

  /** Layouts of these types. */
  public Types(Btf btf) {
    this.btf = btf;
  }

  /** The types. */
  public Btf btf() {
    return btf;
  }

  /**
   * A member.
   *
   * @param struct name of a struct or union
   * @param path members as in C, {@code thread_pid} or {@code f_path.dentry}: each but the last is
   *     a struct inside the one before; anonymous ones are looked through
   * @throws UnsupportedException when this kernel has no such member
   */
  public Field field(String struct, String path) {
    return find(struct, path)
        .orElseThrow(() ->
            new UnsupportedException(
                "this image's kernel has no "
                    + struct
                    + "."
                    + path
                    + ": it is laid out in a way that bpfdump does not know"));
  }

  /** The first of several members that this kernel has: what moved has had other names. */
  public Field first(String struct, String... paths) {
    for (String path : paths) {
      Optional<Field> field = find(struct, path);
      if (field.isPresent()) {
        return field.get();
      }
    }
    return field(struct, String.join(" or ", paths));
  }

  /**
   * A member that is a number or a pointer of so many bytes: one that is written to.
   *
   * @throws UnsupportedException when this kernel has no such member, or one of another size
   */
  public Field number(String struct, String path, int size) {
    Field field = field(struct, path);
    if (field.size() != size || field.bits() != 0) {
      throw impossible(struct + "." + path, field.size());
    }
    return field;
  }

  /**
   * A member, if this kernel has it. It is inside its struct.
   *
   * @throws UnsupportedException when types are so broken that it is not
   */
  public Optional<Field> find(String struct, String path) {
    return found.computeIfAbsent(struct + "." + path, _ -> search(struct, path));
  }

  /**
   * Bytes of a struct, at least 1.
   *
   * @throws UnsupportedException when this kernel has no such struct, or one that cannot be
   */
  public int size(String struct) {
    long size = btf.sizeOf(composite(struct).orElseThrow(() -> missing(struct)));
    if (size < 1 || size > LARGEST) {
      throw impossible("struct " + struct, size);
    }
    return (int) size;
  }

  /** Whether this kernel has a struct or union of this name. */
  public boolean has(String struct) {
    return composite(struct).isPresent();
  }

  private static UnsupportedException missing(String struct) {
    return new UnsupportedException("this image's kernel has no struct " + struct);
  }

  private static UnsupportedException impossible(String what, long size) {
    return new UnsupportedException(
        "this image's " + what + " has " + size + " bytes, which no kernel's has");
  }

  private Optional<Integer> composite(String name) {
    for (Class<? extends BtfType> kind :
        List.of(BtfType.Struct.class, BtfType.Union.class, BtfType.Typedef.class)) {
      int id = btf.findId(name, kind);
      if (id != 0 && btf.resolved(id) instanceof BtfType.Composite) {
        return Optional.of(btf.resolve(id));
      }
    }
    return Optional.empty();
  }

  private Optional<Field> search(String struct, String path) {
    Optional<Integer> composite = composite(struct);
    if (composite.isEmpty()) {
      return Optional.empty();
    }
    int type = composite.get();
    long bits = 0;
    Found member = null;
    for (String name : path.split("\\.")) {
      member = member(type, name, 0);
      if (member == null) {
        return Optional.empty();
      }
      bits += member.bitOffset;
      type = member.member.type();
    }
    // What is in a struct that is this large has an offset that is an int.
    if (bits / 8 + btf.sizeOf(type) > Math.min(btf.sizeOf(composite.get()), LARGEST)) {
      throw new UnsupportedException(
          "this image's " + struct + " ends before its " + path + ": are its types broken?");
    }
    return Optional.of(of(bits, member.member));
  }

  /** A member, and where it is from the start of the struct that was searched. */
  private record Found(BtfType.Member member, long bitOffset) {}

  private Found member(int type, String name, int depth) {
    if (depth > DEEPEST || !(btf.resolved(type) instanceof BtfType.Composite composite)) {
      return null;
    }
    for (BtfType.Member member : composite.members()) {
      if (member.name().equals(name)) {
        return new Found(member, bitOffset(member));
      }
      if (member.name().isEmpty()) {
        Found inner = member(member.type(), name, depth + 1);
        if (inner != null) {
          return new Found(inner.member, bitOffset(member) + inner.bitOffset);
        }
      }
    }
    return null;
  }

  private static long bitOffset(BtfType.Member member) {
    return Integer.toUnsignedLong(member.bitOffset());
  }

  private Field of(long bits, BtfType.Member member) {
    BtfType type = btf.resolved(member.type());
    boolean signed =
        switch (type) {
          case BtfType.Int number -> number.signed();
          case BtfType.Enumeration enumeration -> enumeration.signed();
          default -> false;
        };
    int size = (int) btf.sizeOf(member.type());
    if (member.bitfieldSize() == 0) {
      return new Field((int) (bits / 8), size, signed, 0, 0, member.type());
    }
    // The smallest aligned unit that has all of it.
    for (int unit : Arrays.asList(1, 2, 4, 8)) {
      long start = bits / (8L * unit) * 8 * unit;
      if (bits + member.bitfieldSize() <= start + 8L * unit) {
        return new Field(
            (int) (start / 8),
            unit,
            signed,
            (int) (bits - start),
            member.bitfieldSize(),
            member.type());
      }
    }
    throw new UnsupportedException("a bitfield of more than 8 bytes: " + member.name());
  }
}
