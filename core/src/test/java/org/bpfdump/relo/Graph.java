// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

import java.nio.ByteOrder;
import java.util.List;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfBuilder;
import org.bpfdump.btf.BtfType;

/** A hand-made type graph. Offsets of members are in bits, as BTF has them. */
final class Graph {
  final BtfBuilder builder;
  final int intType;
  final int uintType;
  final int longType;
  final int ulongType;
  final int shortType;
  final int charType;

  Graph() {
    this(ByteOrder.LITTLE_ENDIAN);
  }

  Graph(ByteOrder order) {
    this(new BtfBuilder(order));
  }

  private Graph(BtfBuilder builder) {
    this.builder = builder;
    intType = integer("int", 4, true);
    uintType = integer("unsigned int", 4, false);
    longType = integer("long", 8, true);
    ulongType = integer("unsigned long", 8, false);
    shortType = integer("unsigned short", 2, false);
    charType = integer("unsigned char", 1, false);
  }

  /** A module's types, continuing {@code base}; its integers are its own. */
  static Graph split(Btf base) {
    return new Graph(BtfBuilder.split(base));
  }

  int add(BtfType type) {
    return builder.add(type);
  }

  Btf build() {
    return builder.build();
  }

  int integer(String name, int size, boolean signed) {
    return add(new BtfType.Int(name, size, 0, size * 8, signed, false, false));
  }

  int struct(String name, int size, BtfType.Member... members) {
    return add(new BtfType.Struct(name, size, List.of(members)));
  }

  int union(String name, int size, BtfType.Member... members) {
    return add(new BtfType.Union(name, size, List.of(members)));
  }

  int enumeration(String name, boolean signed, BtfType.Enumerator... values) {
    return add(new BtfType.Enum(name, 4, signed, List.of(values)));
  }

  int enumeration64(String name, boolean signed, BtfType.Enumerator... values) {
    return add(new BtfType.Enum64(name, 8, signed, List.of(values)));
  }

  int pointer(int to) {
    return add(new BtfType.Ptr(to));
  }

  int array(int element, int count) {
    return add(new BtfType.Array(element, intType, count));
  }

  int typedef(String name, int of) {
    return add(new BtfType.Typedef(name, of));
  }

  int prototype(int returns, int... parameters) {
    BtfType.Parameter[] all = new BtfType.Parameter[parameters.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = new BtfType.Parameter("a" + i, parameters[i]);
    }
    return add(new BtfType.FuncProto(returns, List.of(all)));
  }

  static BtfType.Member member(String name, int type, int bitOffset) {
    return new BtfType.Member(name, type, bitOffset, 0);
  }

  static BtfType.Member bits(String name, int type, int bitOffset, int bits) {
    return new BtfType.Member(name, type, bitOffset, bits);
  }

  static BtfType.Enumerator value(String name, long value) {
    return new BtfType.Enumerator(name, value);
  }
}
