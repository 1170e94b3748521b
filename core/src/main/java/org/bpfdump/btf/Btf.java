// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.btf;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.bpfdump.error.MalformedException;

/**
 * A graph of BTF types, kept as the bytes it came in and decoded as it is asked for. Immutable and
 * safe for use by several threads.
 *
 * <p>Ids run from 0, which is {@code void}, to {@link #size()} - 1. A <em>split</em> BTF, as a
 * kernel module has, continues the ids and strings of its base and answers for both.
 *
 * <p>{@code parse} checks the header and that every record lies inside the type section. Names and
 * references between types are checked when they are followed: one that leads outside is a {@link
 * MalformedException} then, and every walk here is bounded.
 */
public final class Btf {
  /** How many modifiers or nested arrays a walk follows before it calls the graph malformed. */
  static final int MAX_DEPTH = 64;

  /** The kernel takes no BTF of more than 16 MiB; this leaves room. */
  private static final long MAX_FILE = 1L << 28;

  private static final int PIECE = 1 << 16;

  private static final BtfType.Void VOID = new BtfType.Void();

  private final Btf base;
  private final int firstId;
  private final BtfData data;
  private final NameIndex types;
  private final NameIndex functions;

  private Btf(BtfData data, Btf base) {
    this.data = data;
    this.base = base;
    this.firstId = base == null ? 1 : base.size();
    this.types = new NameIndex(this, false);
    this.functions = new NameIndex(this, true);
  }

  /** Reads a whole BTF file, such as {@code /sys/kernel/btf/vmlinux}. */
  public static Btf read(Path file) throws IOException {
    return parse(bytes(file));
  }

  /** As {@code Files.readAllBytes}, in pieces that need no second buffer of the file's size. */
  private static byte[] bytes(Path file) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long size = in.length();
      if (size > MAX_FILE) {
        throw new MalformedException(file + " is too large for BTF: " + size + " bytes", -1);
      }
      byte[] bytes = new byte[(int) size];
      int length = 0;
      while (length < bytes.length) {
        int read = in.read(bytes, length, Math.min(PIECE, bytes.length - length));
        if (read < 0) {
          return Arrays.copyOf(bytes, length);
        }
        length += read;
      }
      return bytes;
    }
  }

  /**
   * Parses BTF. The bytes must not be changed afterwards.
   *
   * @throws MalformedException when they are not BTF
   */
  public static Btf parse(byte[] bytes) {
    return new Btf(BtfData.parse(bytes, 1, 0), null);
  }

  /** Parses split BTF that continues {@code base}. */
  public static Btf parse(byte[] bytes, Btf base) {
    return new Btf(BtfData.parse(bytes, base.size(), base.stringEnd()), base);
  }

  /** The BTF that this one continues, or empty. */
  public Optional<Btf> base() {
    return Optional.ofNullable(base);
  }

  /** The lowest id that is this BTF's own rather than its base's; 1 without a base. */
  public int firstId() {
    return firstId;
  }

  /** One more than the highest id, the base's ids and {@code void} included. */
  public int size() {
    return firstId + data.count();
  }

  /** Byte order of the data. */
  public ByteOrder order() {
    return data.order();
  }

  /** A copy of the bytes this was parsed from. */
  public byte[] toBytes() {
    return data.copy();
  }

  /** First string offset that is not this BTF's or its base's. */
  int stringEnd() {
    return data.stringEnd();
  }

  BtfData data() {
    return data;
  }

  /**
   * The type of an id.
   *
   * @throws MalformedException when there is none
   */
  public BtfType type(int id) {
    if (id == 0) {
      return VOID;
    }
    Btf owner = owner(id);
    return BtfDecoder.decode(owner, owner.data, id - owner.firstId);
  }

  /** The name of the type of this id, empty when it has none, without decoding the rest. */
  public String name(int id) {
    if (id == 0) {
      return "";
    }
    Btf owner = owner(id);
    return owner.nameAt(owner.data.nameOffset(id - owner.firstId));
  }

  /** The kind of the type of this id as the format numbers it (0 for void), without decoding it. */
  public int kind(int id) {
    if (id == 0) {
      return 0;
    }
    Btf owner = owner(id);
    return owner.data.kind(id - owner.firstId);
  }

  /** {@code void} for id 0; otherwise throws, as there is no such id below {@code size}. */
  static BtfType voidOrMissing(int id, int size) {
    if (id == 0) {
      return VOID;
    }
    throw new MalformedException(
        "no BTF type has id " + Integer.toUnsignedString(id) + ": there are " + size, -1);
  }

  private Btf owner(int id) {
    if (id <= 0 || id >= size()) {
      voidOrMissing(id, size());
    }
    Btf owner = this;
    while (id < owner.firstId) {
      owner = owner.base;
    }
    return owner;
  }

  /** The string at an offset of the string section, counted from the start of the base's. */
  public String string(int offset) {
    return stringOwner(offset).string(offset);
  }

  /** The same for a type's or a member's name. */
  String nameAt(int offset) {
    return stringOwner(offset).name(offset);
  }

  /** Whose strings an offset is in: this BTF's or a base's. */
  BtfData stringOwner(int offset) {
    Btf owner = this;
    while (owner.base != null && offset >= 0 && offset < owner.base.stringEnd()) {
      owner = owner.base;
    }
    return owner.data;
  }

  /** The first type of this name and kind, own types before the base's. */
  public <T extends BtfType> Optional<T> find(String name, Class<T> kind) {
    int id = findId(name, kind);
    return id == 0 ? Optional.empty() : Optional.of(kind.cast(type(id)));
  }

  /** The id of the first type of this name and kind, own types before the base's; 0 for none. */
  public int findId(String name, Class<? extends BtfType> kind) {
    boolean function = kind.isAssignableFrom(BtfType.Func.class);
    boolean other = kind != BtfType.Func.class;
    for (Btf btf = this; btf != null; btf = btf.base) {
      int first = other ? btf.first(btf.types.named(name), kind) : 0;
      int firstFunction = function ? btf.first(btf.functions.named(name), kind) : 0;
      if (first == 0 || (firstFunction != 0 && firstFunction < first)) {
        first = firstFunction;
      }
      if (first != 0) {
        return first;
      }
    }
    return 0;
  }

  private int first(int[] ids, Class<? extends BtfType> kind) {
    for (int id : ids) {
      if (kind.isInstance(type(id))) {
        return id;
      }
    }
    return 0;
  }

  /** Ids of all types of this name, in ascending order, the base's included. */
  public List<Integer> findAll(String name) {
    List<Integer> found = new ArrayList<>();
    for (Btf btf = this; btf != null; btf = btf.base) {
      for (int id : btf.types.named(name)) {
        found.add(id);
      }
      for (int id : btf.functions.named(name)) {
        found.add(id);
      }
    }
    Collections.sort(found);
    return found;
  }

  /**
   * Ids of this BTF's own types, functions and the base's types left out, whose name without its
   * {@code ___flavour} is {@code essentialName}, in ascending order. What libbpf calls candidates.
   */
  public int[] candidates(String essentialName) {
    return types.essential(essentialName);
  }

  /** Ids of this BTF's own types of one kind number, in ascending order. */
  public int[] ofKind(int kind) {
    return data.ofKind(kind, firstId);
  }

  /** Those of them whose names begin so. */
  public int[] ofKind(int kind, String prefix) {
    return NameScan.types(this, kind, prefix);
  }

  /**
   * Ids of this BTF's own enumerations that have an enumerator of this name, in ascending order.
   */
  public int[] withEnumerator(String name) {
    return NameScan.enumerations(this, name, true);
  }

  /** Ids of those that have an enumerator whose name begins so. */
  public int[] withEnumerators(String prefix) {
    return NameScan.enumerations(this, prefix, false);
  }

  /** The id reached from {@code id} through typedefs, qualifiers and type tags. */
  public int resolve(int id) {
    int at = id;
    for (int depth = 0; depth < MAX_DEPTH; depth++) {
      switch (kind(at)) {
        case Kind.TYPEDEF, Kind.VOLATILE, Kind.CONST, Kind.RESTRICT, Kind.TYPE_TAG ->
            at = word(at, 2);
        default -> {
          return at;
        }
      }
    }
    throw new MalformedException("BTF type " + id + " is a chain of modifiers without end", -1);
  }

  /** {@link #resolve} and {@link #type(int)} in one. */
  public BtfType resolved(int id) {
    return type(resolve(id));
  }

  /**
   * Size in bytes of a variable of this type; pointers are {@link #pointerSize()} bytes.
   *
   * @throws MalformedException when the type has no size, as {@code void} or a function
   */
  public long sizeOf(int id) {
    // By kind, not by pattern: the JVM links a pattern switch in milliseconds, and this one is on
    // the way to every dump.
    long elements = 1;
    int at = id;
    for (int depth = 0; depth < MAX_DEPTH; depth++) {
      switch (kind(at)) {
        case Kind.ARRAY -> {
          elements = times(elements, Integer.toUnsignedLong(word(at, 5)), id);
          at = word(at, 3);
        }
        case Kind.TYPEDEF, Kind.VOLATILE, Kind.CONST, Kind.RESTRICT, Kind.TYPE_TAG, Kind.VAR ->
            at = word(at, 2);
        case Kind.PTR -> {
          return times(elements, pointerSize(), id);
        }
        case Kind.INT,
            Kind.STRUCT,
            Kind.UNION,
            Kind.ENUM,
            Kind.ENUM64,
            Kind.FLOAT,
            Kind.DATASEC -> {
          return times(elements, Integer.toUnsignedLong(word(at, 2)), id);
        }
        default -> throw new MalformedException("BTF type " + id + " has no size", -1);
      }
    }
    throw new MalformedException("BTF type " + id + " nests without end", -1);
  }

  /** A word of the record of an id. */
  private int word(int id, int index) {
    Btf owner = owner(id);
    return owner.data.int32(owner.data.start(id - owner.firstId) + 4 * index);
  }

  private static long times(long count, long size, int id) {
    // 2^40 is far above any object and far below where the product of two such would overflow.
    if (count != 0 && size > (1L << 40) / count) {
      throw new MalformedException("BTF type " + id + " is too large", -1);
    }
    return count * size;
  }

  /** Size of a pointer: 8, as every BPF object and every kernel this supports has. */
  public int pointerSize() {
    return 8;
  }

  /**
   * {@code name} without its {@code ___flavour}: {@code task_struct___old} is {@code task_struct}.
   */
  public static String essentialName(String name) {
    // The last "___" with something other than an underscore on both sides, as libbpf defines it.
    for (int i = name.length() - 5; i >= 0; i--) {
      if (name.charAt(i) != '_'
          && name.charAt(i + 1) == '_'
          && name.charAt(i + 2) == '_'
          && name.charAt(i + 3) == '_'
          && name.charAt(i + 4) != '_') {
        return name.substring(0, i + 1);
      }
    }
    return name;
  }
}
