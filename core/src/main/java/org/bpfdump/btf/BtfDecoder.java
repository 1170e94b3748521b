// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.btf;

import java.util.List;
import org.bpfdump.error.MalformedException;

/** Makes a type of one record. The inverse of {@link BtfEncoder}. */
final class BtfDecoder {
  private final Btf btf;
  private final BtfData data;
  private final int at;
  private final int vlen;
  private final boolean flag;

  /** How many bytes the names in this record may still take. */
  private long names;

  private BtfDecoder(Btf btf, BtfData data, int at) {
    this.btf = btf;
    this.data = data;
    this.at = at;
    int info = data.int32(at + 4);
    this.flag = info < 0;
    this.vlen = info & 0xFFFFFF;
    // Names in one type differ from each other. Without this bound a small file in which a million
    // members share a long name would fill the heap.
    this.names = 1024L + btf.stringEnd();
  }

  static BtfType decode(Btf btf, BtfData data, int index) {
    return new BtfDecoder(btf, data, data.start(index)).decode(data.kind(index));
  }

  private BtfType decode(int kind) {
    int third = data.int32(at + 8);
    return switch (kind) {
      case Kind.INT -> integer(third);
      case Kind.PTR -> new BtfType.Ptr(third);
      case Kind.ARRAY -> new BtfType.Array(word(0), word(1), word(2));
      case Kind.STRUCT -> new BtfType.Struct(name(), third, members());
      case Kind.UNION -> new BtfType.Union(name(), third, members());
      case Kind.ENUM -> new BtfType.Enum(name(), third, flag, enumerators());
      case Kind.ENUM64 -> new BtfType.Enum64(name(), third, flag, enumerators64());
      case Kind.FWD -> new BtfType.Fwd(name(), flag);
      case Kind.TYPEDEF -> new BtfType.Typedef(name(), third);
      case Kind.VOLATILE -> new BtfType.Volatile(third);
      case Kind.CONST -> new BtfType.Const(third);
      case Kind.RESTRICT -> new BtfType.Restrict(third);
      case Kind.FUNC -> new BtfType.Func(name(), third, linkage(vlen));
      case Kind.FUNC_PROTO -> new BtfType.FuncProto(third, parameters());
      case Kind.VAR -> new BtfType.Var(name(), third, linkage(word(0)));
      case Kind.DATASEC -> new BtfType.Datasec(name(), third, variables());
      case Kind.FLOAT -> new BtfType.Float(name(), third);
      case Kind.DECL_TAG -> new BtfType.DeclTag(name(), third, word(0));
      case Kind.TYPE_TAG -> new BtfType.TypeTag(name(), third);
      default -> new BtfType.Unknown(name(), kind);
    };
  }

  /** The type's own name. */
  private String name() {
    return btf.nameAt(data.int32(at));
  }

  /** A name inside the record. */
  private String name(int offset) {
    String name = btf.nameAt(offset);
    names -= name.length();
    if (names < 0) {
      throw new MalformedException("names repeat inside one BTF type", at);
    }
    return name;
  }

  /** A word after the first three. */
  private int word(int index) {
    return data.int32(at + BtfData.RECORD + index * 4);
  }

  private BtfType.Int integer(int size) {
    int word = word(0);
    int encoding = word >>> 24;
    return new BtfType.Int(
        name(),
        size,
        word >>> 16 & 0xFF,
        word & 0xFF,
        (encoding & 1) != 0,
        (encoding & 4) != 0,
        (encoding & 2) != 0);
  }

  private BtfType.Linkage linkage(int number) {
    return switch (number) {
      case 0 -> BtfType.Linkage.STATIC;
      case 1 -> BtfType.Linkage.GLOBAL;
      case 2 -> BtfType.Linkage.EXTERN;
      default -> throw new MalformedException("BTF linkage " + number + " is not known", at);
    };
  }

  private List<BtfType.Member> members() {
    BtfType.Member[] members = new BtfType.Member[vlen];
    for (int i = 0; i < vlen; i++) {
      int offset = word(3 * i + 2);
      members[i] =
          new BtfType.Member(
              name(word(3 * i)),
              word(3 * i + 1),
              flag ? offset & 0xFFFFFF : offset,
              flag ? offset >>> 24 : 0);
    }
    return immutable(members);
  }

  private List<BtfType.Enumerator> enumerators() {
    BtfType.Enumerator[] values = new BtfType.Enumerator[vlen];
    for (int i = 0; i < vlen; i++) {
      int value = word(2 * i + 1);
      values[i] =
          new BtfType.Enumerator(name(word(2 * i)), flag ? value : Integer.toUnsignedLong(value));
    }
    return immutable(values);
  }

  private List<BtfType.Enumerator> enumerators64() {
    BtfType.Enumerator[] values = new BtfType.Enumerator[vlen];
    for (int i = 0; i < vlen; i++) {
      long low = Integer.toUnsignedLong(word(3 * i + 1));
      values[i] = new BtfType.Enumerator(name(word(3 * i)), (long) word(3 * i + 2) << 32 | low);
    }
    return immutable(values);
  }

  private List<BtfType.Parameter> parameters() {
    BtfType.Parameter[] parameters = new BtfType.Parameter[vlen];
    for (int i = 0; i < vlen; i++) {
      parameters[i] = new BtfType.Parameter(name(word(2 * i)), word(2 * i + 1));
    }
    return immutable(parameters);
  }

  private List<BtfType.Variable> variables() {
    BtfType.Variable[] variables = new BtfType.Variable[vlen];
    for (int i = 0; i < vlen; i++) {
      variables[i] = new BtfType.Variable(word(3 * i), word(3 * i + 1), word(3 * i + 2));
    }
    return immutable(variables);
  }

  private static <T> List<T> immutable(T[] items) {
    return List.of(items);
  }
}
