// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.btf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.bpfdump.error.MalformedException;

/** Writes type records, one after the other. The inverse of {@link BtfDecoder}. */
final class BtfEncoder {
  /** 24 bits, of which kernels before 2026 take no more than 16. */
  private static final int MAX_VLEN = 0xFFFFFF;

  private static final int MAX_BITFIELD_OFFSET = 0xFFFFFF;

  /** No section of a BTF that any kernel takes is as large: its data ends at 16 MiB. */
  private static final int MAX_LENGTH = 1 << 28;

  private final BtfStrings strings;
  private ByteBuffer out;
  private int id;

  BtfEncoder(ByteOrder order, BtfStrings strings) {
    this.strings = strings;
    this.out = ByteBuffer.allocate(1024).order(order);
  }

  byte[] bytes() {
    return out.array();
  }

  int length() {
    return out.position();
  }

  /** Takes over an encoded record. */
  void copy(byte[] bytes, int start, int length) {
    room(length);
    out.put(bytes, start, length);
  }

  void encode(int id, BtfType type) {
    this.id = id;
    switch (type) {
      case BtfType.Void _, BtfType.Unknown _ ->
          throw new MalformedException("BTF type " + id + " cannot be written: " + type, -1);
      case BtfType.Int t -> {
        head(t.name(), Kind.INT, 0, false, t.size(), 4);
        int encoding = (t.signed() ? 1 : 0) | (t.character() ? 2 : 0) | (t.bool() ? 4 : 0);
        out.putInt(
            encoding << 24
                | limit(t.bitOffset(), 0xFF, "bit offset") << 16
                | limit(t.bits(), 0xFF, "number of bits"));
      }
      case BtfType.Ptr t -> head("", Kind.PTR, 0, false, t.type(), 0);
      case BtfType.Array t -> {
        head("", Kind.ARRAY, 0, false, 0, 12);
        out.putInt(t.element()).putInt(t.index()).putInt(t.count());
      }
      case BtfType.Struct t -> composite(Kind.STRUCT, t);
      case BtfType.Union t -> composite(Kind.UNION, t);
      case BtfType.Enum t -> enum32(t);
      case BtfType.Enum64 t -> enum64(t);
      case BtfType.Fwd t -> head(t.name(), Kind.FWD, 0, t.union(), 0, 0);
      case BtfType.Typedef t -> head(t.name(), Kind.TYPEDEF, 0, false, t.type(), 0);
      case BtfType.Volatile t -> head("", Kind.VOLATILE, 0, false, t.type(), 0);
      case BtfType.Const t -> head("", Kind.CONST, 0, false, t.type(), 0);
      case BtfType.Restrict t -> head("", Kind.RESTRICT, 0, false, t.type(), 0);
      case BtfType.Func t -> head(t.name(), Kind.FUNC, number(t.linkage()), false, t.type(), 0);
      case BtfType.FuncProto t -> prototype(t);
      case BtfType.Var t -> {
        head(t.name(), Kind.VAR, 0, false, t.type(), 4);
        out.putInt(number(t.linkage()));
      }
      case BtfType.Datasec t -> {
        List<BtfType.Variable> variables = t.variables();
        head(t.name(), Kind.DATASEC, variables.size(), false, t.size(), 12L * variables.size());
        for (BtfType.Variable variable : variables) {
          out.putInt(variable.type()).putInt(variable.offset()).putInt(variable.size());
        }
      }
      case BtfType.Float t -> head(t.name(), Kind.FLOAT, 0, false, t.size(), 0);
      case BtfType.DeclTag t -> {
        head(t.name(), Kind.DECL_TAG, 0, false, t.type(), 4);
        out.putInt(t.component());
      }
      case BtfType.TypeTag t -> head(t.name(), Kind.TYPE_TAG, 0, false, t.type(), 0);
    }
  }

  private void composite(int kind, BtfType.Composite type) {
    List<BtfType.Member> members = type.members();
    boolean bitfields = false;
    for (BtfType.Member member : members) {
      bitfields |= member.bitfieldSize() != 0;
    }
    head(type.name(), kind, members.size(), bitfields, type.size(), 12L * members.size());
    for (BtfType.Member member : members) {
      int offset = member.bitOffset();
      if (bitfields) {
        offset =
            limit(offset, MAX_BITFIELD_OFFSET, "bit offset in a type with bitfields")
                | limit(member.bitfieldSize(), 0xFF, "bitfield size") << 24;
      }
      out.putInt(strings.offset(member.name())).putInt(member.type()).putInt(offset);
    }
  }

  private void enum32(BtfType.Enum type) {
    List<BtfType.Enumerator> values = type.values();
    head(type.name(), Kind.ENUM, values.size(), type.signed(), type.size(), 8L * values.size());
    for (BtfType.Enumerator enumerator : values) {
      long value = enumerator.value();
      if (type.signed() ? value != (int) value : value >>> 32 != 0) {
        throw refuse("enumerator " + enumerator.name() + " does not fit 32 bits");
      }
      out.putInt(strings.offset(enumerator.name())).putInt((int) value);
    }
  }

  private void enum64(BtfType.Enum64 type) {
    List<BtfType.Enumerator> values = type.values();
    head(type.name(), Kind.ENUM64, values.size(), type.signed(), type.size(), 12L * values.size());
    for (BtfType.Enumerator enumerator : values) {
      long value = enumerator.value();
      out.putInt(strings.offset(enumerator.name())).putInt((int) value).putInt((int) (value >> 32));
    }
  }

  private void prototype(BtfType.FuncProto type) {
    List<BtfType.Parameter> parameters = type.parameters();
    head("", Kind.FUNC_PROTO, parameters.size(), false, type.returns(), 8L * parameters.size());
    for (BtfType.Parameter parameter : parameters) {
      out.putInt(strings.offset(parameter.name())).putInt(parameter.type());
    }
  }

  private static int number(BtfType.Linkage linkage) {
    return switch (linkage) {
      case STATIC -> 0;
      case GLOBAL -> 1;
      case EXTERN -> 2;
    };
  }

  private void head(String name, int kind, int vlen, boolean flag, int third, long trailing) {
    if (vlen > MAX_VLEN) {
      throw refuse(vlen + " members are more than " + MAX_VLEN);
    }
    room(12 + trailing);
    out.putInt(strings.offset(name));
    out.putInt((flag ? 1 << 31 : 0) | kind << 24 | vlen);
    out.putInt(third);
  }

  private int limit(int value, int max, String what) {
    if (value < 0 || value > max) {
      throw refuse(what + " " + Integer.toUnsignedString(value) + " is more than " + max);
    }
    return value;
  }

  private MalformedException refuse(String why) {
    return new MalformedException("BTF type " + id + " cannot be written: " + why, -1);
  }

  private void room(long length) {
    long end = out.position() + length;
    if (end > MAX_LENGTH) {
      throw new MalformedException("BTF types exceed " + MAX_LENGTH + " bytes", -1);
    }
    if (end > out.capacity()) {
      int capacity = (int) Math.max(end, out.capacity() * 2L);
      out = ByteBuffer.allocate(capacity).order(out.order()).put(out.flip());
    }
  }
}
