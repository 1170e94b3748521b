// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.btf;

import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What some kernels take in a program's BTF and others do not. Whether one does is found by loading
 * {@link #probe}: a kernel with the feature takes it, any other refuses.
 */
public enum BtfFeature {
  /** Functions and their prototypes (5.0). */
  FUNC,
  /** Variables and sections (5.2). */
  DATASEC,
  /** Functions of global linkage (5.6). */
  FUNC_GLOBAL,
  /** Floating-point numbers (5.13). */
  FLOAT,
  /** Attributes of declarations (5.16). */
  DECL_TAG,
  /** Attributes of types (5.17). */
  TYPE_TAG,
  /** Enums of 64 bits (6.0). */
  ENUM64,
  /** Enums that say that they are signed (6.0). */
  ENUM_SIGNED,
  /** Sections whose name has a question mark (6.9). */
  QMARK_DATASEC,
  /** The layout table, by which a kernel passes over kinds it does not know (2026). */
  LAYOUT;

  /** What of this {@code btf} has in its own types (not its base's). */
  public static Set<BtfFeature> usedBy(Btf btf) {
    Set<BtfFeature> used = EnumSet.noneOf(BtfFeature.class);
    if (btf.data().hasLayout()) {
      used.add(LAYOUT);
    }
    BtfData data = btf.data();
    for (int i = 0; i < data.count(); i++) {
      // By kind, not by pattern: this is on the way to every load, and quicker to start.
      int info = data.int32(data.start(i) + 4);
      switch (data.kind(i)) {
        case Kind.FUNC -> {
          used.add(FUNC);
          if ((info & 0xFFFFFF) != 0) { // its linkage
            used.add(FUNC_GLOBAL);
          }
        }
        case Kind.FUNC_PROTO -> used.add(FUNC);
        case Kind.VAR -> used.add(DATASEC);
        case Kind.DATASEC -> {
          used.add(DATASEC);
          if (btf.nameAt(data.nameOffset(i)).indexOf('?') >= 0) {
            used.add(QMARK_DATASEC);
          }
        }
        case Kind.FLOAT -> used.add(FLOAT);
        case Kind.DECL_TAG -> used.add(DECL_TAG);
        case Kind.TYPE_TAG -> used.add(TYPE_TAG);
        case Kind.ENUM64 -> used.add(ENUM64);
        case Kind.ENUM -> {
          if (info < 0) { // kind_flag
            used.add(ENUM_SIGNED);
          }
        }
        default -> {}
      }
    }
    return used;
  }

  /** The smallest BTF that needs this feature and, but for DATASEC and FUNC, no other. */
  public byte[] probe(ByteOrder order) {
    BtfBuilder builder = new BtfBuilder(order);
    int number = builder.add(new BtfType.Int("int", 4, 0, 32, true, false, false));
    switch (this) {
      case FUNC -> function(builder, BtfType.Linkage.STATIC);
      case FUNC_GLOBAL -> function(builder, BtfType.Linkage.GLOBAL);
      case DATASEC -> section(builder, number, ".data");
      case QMARK_DATASEC -> section(builder, number, "?.data");
      case FLOAT -> builder.add(new BtfType.Float("float", 4));
      case DECL_TAG -> {
        int member =
            builder.add(new BtfType.Struct("s", 4, List.of(new BtfType.Member("m", number, 0, 0))));
        builder.add(new BtfType.DeclTag("tag", member, -1));
      }
      case TYPE_TAG ->
          builder.add(new BtfType.Ptr(builder.add(new BtfType.TypeTag("tag", number))));
      case ENUM64 ->
          builder.add(
              new BtfType.Enum64("e", 8, false, List.of(new BtfType.Enumerator("E", 1L << 32))));
      case ENUM_SIGNED ->
          builder.add(new BtfType.Enum("e", 4, true, List.of(new BtfType.Enumerator("E", -1))));
      case LAYOUT -> {
        return builder.toBytes(BtfData.layoutOfKnownKinds());
      }
    }
    return builder.toBytes();
  }

  private static void function(BtfBuilder builder, BtfType.Linkage linkage) {
    int prototype = builder.add(new BtfType.FuncProto(0, List.of()));
    builder.add(new BtfType.Func("f", prototype, linkage));
  }

  private static void section(BtfBuilder builder, int type, String name) {
    int variable = builder.add(new BtfType.Var("v", type, BtfType.Linkage.STATIC));
    builder.add(new BtfType.Datasec(name, 4, List.of(new BtfType.Variable(variable, 0, 4))));
  }
}
