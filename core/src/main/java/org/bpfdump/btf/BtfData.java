// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.btf;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bpfdump.error.MalformedException;

/**
 * The bytes of one BTF (not of its base), and where in them each record lies. Records are counted
 * from 0 here. Source: {@code include/uapi/linux/btf.h}, {@code Documentation/bpf/btf.rst}.
 */
final class BtfData {
  static final int MAGIC = 0xEB9F;
  static final int VERSION = 1;
  static final int HEADER = 24;

  /** Header length from which the layout table's place is in the header (kernels of 2026). */
  static final int HEADER_WITH_LAYOUT = 32;

  /** What every record starts with: name, info, and a size or type. */
  static final int RECORD = 12;

  /** The longest name the kernel allows has 511 bytes; more would only make decoding slow. */
  private static final int MAX_NAME = 4096;

  /**
   * Records found in one call. The search takes more than a hundred thousand steps in a kernel's
   * BTF, and a JVM that has just started compiles a method sooner when it is called often than when
   * it loops for long.
   */
  private static final int BATCH = 64;

  /** For each kind, the bytes after a record's first twelve: these, and per counted item those. */
  private static final byte[] FIXED = new byte[Kind.ENUM64 + 1];

  private static final int NAMELESS =
      1 << Kind.PTR
          | 1 << Kind.ARRAY
          | 1 << Kind.VOLATILE
          | 1 << Kind.CONST
          | 1 << Kind.RESTRICT
          | 1 << Kind.FUNC_PROTO;

  private static final byte[] EACH = new byte[Kind.ENUM64 + 1];

  static {
    FIXED[Kind.INT] = 4;
    FIXED[Kind.VAR] = 4;
    FIXED[Kind.DECL_TAG] = 4;
    FIXED[Kind.ARRAY] = 12;
    EACH[Kind.STRUCT] = 12;
    EACH[Kind.UNION] = 12;
    EACH[Kind.DATASEC] = 12;
    EACH[Kind.ENUM64] = 12;
    EACH[Kind.ENUM] = 8;
    EACH[Kind.FUNC_PROTO] = 8;
  }

  private final byte[] bytes;
  private final boolean little;

  private int stringsAt;
  private int stringsLength;
  private final int stringsBase;
  private int layoutAt;
  private int layoutLength;

  /** Where the type section ends in the bytes. */
  private int typesEnd;

  private int count;

  /** Byte offset of each record, for the first {@link #count}. */
  private int[] offsets;

  /** Kind of each record: what most searches look at, without touching the record. */
  private byte[] kinds;

  /** How many records there are of each kind. */
  private final int[] counts = new int[128];

  private BtfData(byte[] bytes, boolean little, int stringsBase) {
    this.bytes = bytes;
    this.little = little;
    this.stringsBase = stringsBase;
  }

  static BtfData parse(byte[] bytes, int firstId, int stringsBase) {
    if (bytes.length < HEADER) {
      throw new MalformedException("BTF is cut short: " + bytes.length + " bytes", 0);
    }
    int first = bytes[0] & 0xFF;
    int second = bytes[1] & 0xFF;
    boolean little = (second << 8 | first) == MAGIC;
    if (!little && (first << 8 | second) != MAGIC) {
      throw new MalformedException("not BTF: the magic number 0xeb9f is missing", 0);
    }
    if (bytes[2] != VERSION) {
      throw new MalformedException("BTF version " + (bytes[2] & 0xFF) + " is not known", 2);
    }
    BtfData data = new BtfData(bytes, little, stringsBase);
    data.readHeader(firstId);
    return data;
  }

  private void readHeader(int firstId) {
    int header = within(int32(4), 0, bytes.length, "BTF header", 4);
    if (header < HEADER) {
      throw new MalformedException("BTF header of " + header + " bytes is too short", 4);
    }
    int room = bytes.length - header;
    int typeAt = within(int32(8), 0, room, "BTF type section", 8);
    int typeLength = within(int32(12), typeAt, room, "BTF type section", 12);
    int stringAt = within(int32(16), 0, room, "BTF string section", 16);
    stringsAt = header + stringAt;
    stringsLength = within(int32(20), stringAt, room, "BTF string section", 20);
    if (stringsLength > 0 && bytes[stringsAt + stringsLength - 1] != 0) {
      throw new MalformedException("BTF strings do not end in a NUL", stringsAt);
    }
    if (stringsLength > Integer.MAX_VALUE - stringsBase) {
      throw new MalformedException("BTF strings exceed 2 GiB with those of the base", 20);
    }
    if (header >= HEADER_WITH_LAYOUT) {
      int at = within(int32(24), 0, room, "BTF layout section", 24);
      layoutAt = header + at;
      layoutLength = within(int32(28), at, room, "BTF layout section", 28);
    }
    if (typeLength / RECORD > Integer.MAX_VALUE - firstId) {
      throw new MalformedException("BTF has too many types with those of the base", 12);
    }
    // A kernel's BTF has 25 bytes a type; how many types there are is written nowhere.
    offsets = new int[typeLength / 24 + 1];
    kinds = new byte[offsets.length];
    typesEnd = header + typeAt + typeLength;
    int at = header + typeAt;
    while (at < typesEnd) {
      at = batch(at, firstId);
    }
  }

  /** Checks that {@code length} bytes from {@code start} end within {@code room}. */
  private static int within(int length, int start, int room, String what, int at) {
    if (length < 0 || start > room - length) {
      throw new MalformedException(what + " does not lie inside the data", at);
    }
    return length;
  }

  /** Notes up to {@link #BATCH} records from {@code at}, and returns where the next one starts. */
  private int batch(int at, int firstId) {
    if (offsets.length - count < BATCH) {
      offsets = Arrays.copyOf(offsets, count + count / 2 + BATCH);
      kinds = Arrays.copyOf(kinds, offsets.length);
    }
    int i = count;
    int to = i + BATCH;
    int end = typesEnd;
    // The info word is kind_flag:1 kind:7 vlen:24, the fields of 2026 that contain the older ones.
    int kindAt = little ? 7 : 4;
    int lowAt = little ? 4 : 7;
    int midAt = little ? 5 : 6;
    int highAt = little ? 6 : 5;
    while (i < to && at < end) {
      if (end - at < RECORD) {
        throw cutShort(firstId + i, at);
      }
      int kind = bytes[at + kindAt] & 0x7F;
      int vlen =
          (bytes[at + lowAt] & 0xFF)
              | (bytes[at + midAt] & 0xFF) << 8
              | (bytes[at + highAt] & 0xFF) << 16;
      int trailing =
          kind != 0 && kind <= Kind.ENUM64
              ? FIXED[kind] + EACH[kind] * vlen
              : layoutTrailing(kind, vlen, firstId + i, at);
      if (trailing < 0 || trailing > end - at - RECORD) {
        throw cutShort(firstId + i, at);
      }
      offsets[i] = at;
      kinds[i++] = (byte) kind;
      counts[kind]++;
      at += RECORD + trailing;
    }
    count = i;
    return at;
  }

  private static MalformedException cutShort(int id, int at) {
    return new MalformedException("BTF type " + id + " is cut short", at);
  }

  /**
   * The same from the layout table: {@code struct btf_layout {u8 info_sz; u8 elem_sz; u16 flags}}.
   * Negative when it is more than any section holds.
   */
  private int layoutTrailing(int kind, int vlen, int id, int at) {
    int entry = kind * 4;
    if (kind == 0 || entry + 4 > layoutLength) {
      throw new MalformedException("BTF type " + id + " is of unknown kind " + kind, at);
    }
    long fixed = bytes[layoutAt + entry] & 0xFF;
    long each = bytes[layoutAt + entry + 1] & 0xFF;
    long trailing = fixed + each * vlen;
    return trailing > Integer.MAX_VALUE ? -1 : (int) trailing;
  }

  /** The 32-bit number at a place in the bytes. */
  int int32(int at) {
    byte[] b = bytes;
    return little
        ? (b[at] & 0xFF) | (b[at + 1] & 0xFF) << 8 | (b[at + 2] & 0xFF) << 16 | b[at + 3] << 24
        : (b[at + 3] & 0xFF) | (b[at + 2] & 0xFF) << 8 | (b[at + 1] & 0xFF) << 16 | b[at] << 24;
  }

  ByteOrder order() {
    return little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
  }

  int count() {
    return count;
  }

  byte[] copy() {
    return bytes.clone();
  }

  byte[] bytes() {
    return bytes;
  }

  int stringsBase() {
    return stringsBase;
  }

  /** First string offset after this BTF's. */
  int stringEnd() {
    return stringsBase + stringsLength;
  }

  /** A copy of the string section. */
  byte[] strings() {
    return Arrays.copyOfRange(bytes, stringsAt, stringsAt + stringsLength);
  }

  /** A copy of the layout table, empty where there is none. */
  byte[] layout() {
    return Arrays.copyOfRange(bytes, layoutAt, layoutAt + layoutLength);
  }

  boolean hasLayout() {
    return layoutLength > 0;
  }

  /** A layout table of the kinds named in {@link Kind}. */
  static byte[] layoutOfKnownKinds() {
    byte[] layout = new byte[FIXED.length * 4];
    for (int kind = 0; kind < FIXED.length; kind++) {
      layout[kind * 4] = FIXED[kind];
      layout[kind * 4 + 1] = EACH[kind];
    }
    return layout;
  }

  /** Where in {@link #bytes()} a record starts. */
  int start(int index) {
    return offsets[index];
  }

  /** Length of a record in bytes. */
  int length(int index) {
    return (index + 1 < count ? offsets[index + 1] : typesEnd) - offsets[index];
  }

  int kind(int index) {
    return kinds[index];
  }

  /** Offset of a record's name; 0 as well for kinds that have none, whatever the bytes say. */
  int nameOffset(int index) {
    return named(kinds[index]) ? int32(offsets[index]) : 0;
  }

  /** Whether types of a kind have names. */
  static boolean named(int kind) {
    return kind > Kind.ENUM64 || (NAMELESS >>> kind & 1) == 0;
  }

  int countOf(int kind) {
    return counts[kind];
  }

  int[] ofKind(int kind, int firstId) {
    int[] found = new int[16];
    int n = 0;
    for (int i = 0; i < count; i++) {
      if (kinds[i] == kind) {
        if (n == found.length) {
          found = Arrays.copyOf(found, n * 2);
        }
        found[n++] = firstId + i;
      }
    }
    return Arrays.copyOf(found, n);
  }

  /** Where in {@link #bytes()} the string at {@code offset} starts. It ends in a NUL. */
  int stringPosition(int offset) {
    int from = offset - stringsBase;
    if (offset < 0 || from < 0 || from >= stringsLength) {
      throw new MalformedException(
          "BTF string offset " + Integer.toUnsignedString(offset) + " is outside the strings", -1);
    }
    return stringsAt + from;
  }

  /** The same, but -1 when the string is not this BTF's own. */
  int ownString(int offset) {
    int from = offset - stringsBase;
    return from >= 0 && from < stringsLength ? stringsAt + from : -1;
  }

  String string(int offset) {
    return offset == 0 ? "" : string(offset, stringsLength);
  }

  /** The same for a name, which is not as long as other strings may be. */
  String name(int offset) {
    return offset == 0 ? "" : string(offset, MAX_NAME);
  }

  private String string(int offset, int limit) {
    int start = stringPosition(offset);
    int end = start;
    while (bytes[end] != 0) {
      end++;
      if (end - start > limit) {
        throw new MalformedException("a BTF name is longer than " + limit + " bytes", start);
      }
    }
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }
}
