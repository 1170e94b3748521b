// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.btf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bpfdump.error.MalformedException;

/**
 * The bytes of one BTF (not of its base): where each record lies, and how a record is decoded.
 * Records are counted from 0 here. Source: {@code include/uapi/linux/btf.h}, {@code
 * Documentation/bpf/btf.rst}.
 */
final class BtfData {
  static final int MAGIC = 0xEB9F;
  static final int VERSION = 1;
  static final int HEADER = 24;

  /** Header length from which the layout table's place is in the header (kernels of 2026). */
  static final int HEADER_WITH_LAYOUT = 32;

  private static final int RECORD = 12;

  private final byte[] bytes;
  private final ByteBuffer buffer;
  private final int stringsAt;
  private final int stringsLength;
  private final int stringsBase;

  /** Byte offset of each record; one more than there are records are not all used. */
  private int[] offsets = new int[64];

  private int count;

  /** Where the type section ends in the bytes. */
  private int typesEnd;

  private final int layoutAt;
  private final int layoutLength;

  private BtfData(byte[] bytes, ByteBuffer buffer, int[] strings, int[] layout, int stringsBase) {
    this.bytes = bytes;
    this.buffer = buffer;
    this.stringsAt = strings[0];
    this.stringsLength = strings[1];
    this.stringsBase = stringsBase;
    this.layoutAt = layout[0];
    this.layoutLength = layout[1];
  }

  static BtfData parse(byte[] bytes, int firstId, int stringsBase) {
    if (bytes.length < HEADER) {
      throw new MalformedException("BTF is cut short: " + bytes.length + " bytes", 0);
    }
    ByteBuffer buffer = Btf.buffer(bytes, ByteOrder.LITTLE_ENDIAN);
    if ((buffer.getShort(0) & 0xFFFF) != MAGIC) {
      buffer = Btf.buffer(bytes, ByteOrder.BIG_ENDIAN);
      if ((buffer.getShort(0) & 0xFFFF) != MAGIC) {
        throw new MalformedException("not BTF: the magic number 0xeb9f is missing", 0);
      }
    }
    if (buffer.get(2) != VERSION) {
      throw new MalformedException("BTF version " + (buffer.get(2) & 0xFF) + " is not known", 2);
    }
    int header = section(buffer.getInt(4), 0, bytes.length, "BTF header", 4);
    if (header < HEADER) {
      throw new MalformedException("BTF header of " + header + " bytes is too short", 4);
    }
    int room = bytes.length - header;
    int typeAt = section(buffer.getInt(8), 0, room, "BTF type section", 8);
    int typeLength = section(buffer.getInt(12), typeAt, room, "BTF type section", 12);
    int stringAt = section(buffer.getInt(16), 0, room, "BTF string section", 16);
    int stringLength = section(buffer.getInt(20), stringAt, room, "BTF string section", 20);
    if (stringLength > 0 && bytes[header + stringAt + stringLength - 1] != 0) {
      throw new MalformedException("BTF strings do not end in a NUL", header + stringAt);
    }
    int layoutAt = 0;
    int layoutLength = 0;
    if (header >= HEADER_WITH_LAYOUT) {
      layoutAt = section(buffer.getInt(24), 0, room, "BTF layout section", 24);
      layoutLength = section(buffer.getInt(28), layoutAt, room, "BTF layout section", 28);
    }
    if (stringLength > Integer.MAX_VALUE - stringsBase) {
      throw new MalformedException("BTF strings exceed 2 GiB with those of the base", 20);
    }
    BtfData data =
        new BtfData(
            bytes,
            buffer,
            new int[] {header + stringAt, stringLength},
            new int[] {header + layoutAt, layoutLength},
            stringsBase);
    data.index(header + typeAt, typeLength, firstId);
    return data;
  }

  /** Checks that {@code length} bytes from {@code start} end within {@code room}. */
  private static int section(int length, int start, int room, String what, int at) {
    if (length < 0 || start > room - length) {
      throw new MalformedException(what + " does not lie inside the data", at);
    }
    return length;
  }

  private void index(int start, int length, int firstId) {
    int at = start;
    int end = start + length;
    typesEnd = end;
    long strings = (long) stringsBase + stringsLength;
    while (at < end) {
      if (end - at < RECORD) {
        throw new MalformedException("BTF type " + (firstId + count) + " is cut short", at);
      }
      int info = buffer.getInt(at + 4);
      long trailing = trailing(info);
      if (trailing < 0) {
        trailing = layoutTrailing(info, firstId + count, at);
      }
      if (trailing > end - at - RECORD) {
        throw new MalformedException("BTF type " + (firstId + count) + " is cut short", at);
      }
      if (Integer.toUnsignedLong(buffer.getInt(at)) >= strings && buffer.getInt(at) != 0) {
        throw new MalformedException(
            "BTF type " + (firstId + count) + " has its name outside the strings", at);
      }
      if (count == offsets.length) {
        // Real BTF has about 40 bytes a type; the exact number of types is written nowhere.
        offsets = Arrays.copyOf(offsets, Math.max(count * 2, length / 40));
      }
      offsets[count++] = at;
      at += RECORD + (int) trailing;
    }
  }

  /** Bytes that follow a record's first twelve; negative when the kind is unknown. */
  private static long trailing(int info) {
    long vlen = vlen(info);
    return switch (kindOf(info)) {
      case Kind.INT, Kind.VAR, Kind.DECL_TAG -> 4;
      case Kind.ARRAY -> 12;
      case Kind.STRUCT, Kind.UNION, Kind.DATASEC, Kind.ENUM64 -> 12 * vlen;
      case Kind.ENUM, Kind.FUNC_PROTO -> 8 * vlen;
      case Kind.PTR,
          Kind.FWD,
          Kind.TYPEDEF,
          Kind.VOLATILE,
          Kind.CONST,
          Kind.RESTRICT,
          Kind.FUNC,
          Kind.FLOAT,
          Kind.TYPE_TAG ->
          0;
      default -> -1;
    };
  }

  /**
   * The same from the layout table: {@code struct btf_layout {u8 info_sz; u8 elem_sz; u16 flags}}.
   */
  private long layoutTrailing(int info, int id, int at) {
    int entry = kindOf(info) * 4;
    if (kindOf(info) == 0 || entry + 4 > layoutLength) {
      throw new MalformedException("BTF type " + id + " is of unknown kind " + kindOf(info), at);
    }
    long fixed = bytes[layoutAt + entry] & 0xFF;
    long each = bytes[layoutAt + entry + 1] & 0xFF;
    return fixed + each * vlen(info);
  }

  private static int vlen(int info) {
    return info & 0xFFFFFF;
  }

  private static int kindOf(int info) {
    return info >>> 24 & 0x7F;
  }

  ByteOrder order() {
    return buffer.order();
  }

  int count() {
    return count;
  }

  byte[] copy() {
    return bytes.clone();
  }

  int stringEnd() {
    return stringsBase + stringsLength;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Where in {@link #bytes()} the string at {@code offset} starts; -1 when it is a base's. */
  int stringPosition(int offset) {
    return offset < stringsBase ? -1 : stringsAt + offset - stringsBase;
  }

  int stringsBase() {
    return stringsBase;
  }

  /** A copy of the string section. */
  byte[] strings() {
    return Arrays.copyOfRange(bytes, stringsAt, stringsAt + stringsLength);
  }

  /** A copy of the layout table, empty where there is none. */
  byte[] layout() {
    return Arrays.copyOfRange(bytes, layoutAt, layoutAt + layoutLength);
  }

  /** Where in {@link #bytes()} a record starts. */
  int start(int index) {
    return offsets[index];
  }

  /** Length of a record in bytes. */
  int length(int index) {
    return (index + 1 < count ? offsets[index + 1] : typesEnd) - offsets[index];
  }

  int nameOffset(int index) {
    return buffer.getInt(offsets[index]);
  }

  int kind(int index) {
    return kindOf(buffer.getInt(offsets[index] + 4));
  }

  int[] ofKind(int kind, int firstId) {
    int[] found = new int[16];
    int n = 0;
    for (int i = 0; i < count; i++) {
      if (kind(i) == kind) {
        if (n == found.length) {
          found = Arrays.copyOf(found, n * 2);
        }
        found[n++] = firstId + i;
      }
    }
    return Arrays.copyOf(found, n);
  }

  String string(int offset) {
    if (offset == 0) {
      return "";
    }
    int from = offset - stringsBase;
    if (offset < 0 || from < 0 || from >= stringsLength) {
      throw new MalformedException(
          "BTF string offset " + Integer.toUnsignedString(offset) + " is outside the strings", -1);
    }
    int start = stringsAt + from;
    int end = start;
    while (bytes[end] != 0) {
      end++;
    }
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }

  BtfType decode(int index, Btf btf) {
    int at = offsets[index];
    String name = btf.string(buffer.getInt(at));
    int info = buffer.getInt(at + 4);
    boolean flag = info < 0;
    int vlen = vlen(info);
    int third = buffer.getInt(at + 8);
    int more = at + RECORD;
    return switch (kindOf(info)) {
      case Kind.INT -> integer(name, third, buffer.getInt(more));
      case Kind.PTR -> new BtfType.Ptr(third);
      case Kind.ARRAY ->
          new BtfType.Array(buffer.getInt(more), buffer.getInt(more + 4), buffer.getInt(more + 8));
      case Kind.STRUCT -> new BtfType.Struct(name, third, members(more, vlen, flag, btf));
      case Kind.UNION -> new BtfType.Union(name, third, members(more, vlen, flag, btf));
      case Kind.ENUM -> new BtfType.Enum(name, third, flag, enumerators(more, vlen, flag, btf));
      case Kind.ENUM64 -> new BtfType.Enum64(name, third, flag, enumerators64(more, vlen, btf));
      case Kind.FWD -> new BtfType.Fwd(name, flag);
      case Kind.TYPEDEF -> new BtfType.Typedef(name, third);
      case Kind.VOLATILE -> new BtfType.Volatile(third);
      case Kind.CONST -> new BtfType.Const(third);
      case Kind.RESTRICT -> new BtfType.Restrict(third);
      case Kind.FUNC -> new BtfType.Func(name, third, linkage(vlen, at));
      case Kind.FUNC_PROTO -> new BtfType.FuncProto(third, parameters(more, vlen, btf));
      case Kind.VAR -> new BtfType.Var(name, third, linkage(buffer.getInt(more), more));
      case Kind.DATASEC -> new BtfType.Datasec(name, third, variables(more, vlen));
      case Kind.FLOAT -> new BtfType.Float(name, third);
      case Kind.DECL_TAG -> new BtfType.DeclTag(name, third, buffer.getInt(more));
      case Kind.TYPE_TAG -> new BtfType.TypeTag(name, third);
      default -> new BtfType.Unknown(name, kindOf(info));
    };
  }

  private static BtfType.Int integer(String name, int size, int data) {
    int encoding = data >>> 24;
    return new BtfType.Int(
        name,
        size,
        data >>> 16 & 0xFF,
        data & 0xFF,
        (encoding & 1) != 0,
        (encoding & 4) != 0,
        (encoding & 2) != 0);
  }

  private static BtfType.Linkage linkage(int number, int at) {
    return switch (number) {
      case 0 -> BtfType.Linkage.STATIC;
      case 1 -> BtfType.Linkage.GLOBAL;
      case 2 -> BtfType.Linkage.EXTERN;
      default -> throw new MalformedException("BTF linkage " + number + " is not known", at);
    };
  }

  private List<BtfType.Member> members(int at, int vlen, boolean bitfields, Btf btf) {
    List<BtfType.Member> members = new ArrayList<>(vlen);
    for (int i = 0; i < vlen; i++, at += 12) {
      int offset = buffer.getInt(at + 8);
      members.add(
          new BtfType.Member(
              btf.string(buffer.getInt(at)),
              buffer.getInt(at + 4),
              bitfields ? offset & 0xFFFFFF : offset,
              bitfields ? offset >>> 24 : 0));
    }
    return List.copyOf(members);
  }

  private List<BtfType.Enumerator> enumerators(int at, int vlen, boolean signed, Btf btf) {
    List<BtfType.Enumerator> values = new ArrayList<>(vlen);
    for (int i = 0; i < vlen; i++, at += 8) {
      int value = buffer.getInt(at + 4);
      values.add(
          new BtfType.Enumerator(
              btf.string(buffer.getInt(at)), signed ? value : Integer.toUnsignedLong(value)));
    }
    return List.copyOf(values);
  }

  private List<BtfType.Enumerator> enumerators64(int at, int vlen, Btf btf) {
    List<BtfType.Enumerator> values = new ArrayList<>(vlen);
    for (int i = 0; i < vlen; i++, at += 12) {
      long low = Integer.toUnsignedLong(buffer.getInt(at + 4));
      values.add(
          new BtfType.Enumerator(
              btf.string(buffer.getInt(at)), (long) buffer.getInt(at + 8) << 32 | low));
    }
    return List.copyOf(values);
  }

  private List<BtfType.Parameter> parameters(int at, int vlen, Btf btf) {
    List<BtfType.Parameter> parameters = new ArrayList<>(vlen);
    for (int i = 0; i < vlen; i++, at += 8) {
      parameters.add(new BtfType.Parameter(btf.string(buffer.getInt(at)), buffer.getInt(at + 4)));
    }
    return List.copyOf(parameters);
  }

  private List<BtfType.Variable> variables(int at, int vlen) {
    List<BtfType.Variable> variables = new ArrayList<>(vlen);
    for (int i = 0; i < vlen; i++, at += 12) {
      variables.add(
          new BtfType.Variable(buffer.getInt(at), buffer.getInt(at + 4), buffer.getInt(at + 8)));
    }
    return List.copyOf(variables);
  }
}
