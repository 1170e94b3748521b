// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.asm.Code;
import org.bpfdump.btf.Btf;

/** A program's types and a kernel's, and relocations from the one to the other. */
final class Pair {
  static final int ADD_IMM = 0x07;
  static final int MOV_IMM = 0xb7;
  static final int MOV32_IMM = 0xb4;
  static final int LOAD_IMM64 = 0x18;
  static final int LDX_W = 0x61;
  static final int LDX_H = 0x69;
  static final int LDX_B = 0x71;
  static final int LDX_DW = 0x79;
  static final int STX_DW = 0x7b;
  static final int POISON_CALL = 0x85;

  final Graph local;
  final Graph kernel;
  final List<Btf> modules = new ArrayList<>();
  private CoreRelocator relocator;

  Pair() {
    this(ByteOrder.LITTLE_ENDIAN);
  }

  Pair(ByteOrder order) {
    local = new Graph(order);
    kernel = new Graph(order);
  }

  CoreRelocator relocator() {
    if (relocator == null) {
      relocator = new CoreRelocator(local.build(), kernel.build(), () -> modules);
    }
    return relocator;
  }

  /** What a 64-bit load of {@code old} loads after the relocation; null when it is poisoned. */
  Long load(CoreRelocation.Kind kind, int type, String access, long old) {
    long[] slots = {
      Code.slot(LOAD_IMM64, 1, 0, 0, (int) old), Code.slot(0, 0, 0, 0, (int) (old >> 32))
    };
    boolean patched = apply(slots, 0, kind, type, access);
    if (!patched) {
      long call = Code.slot(POISON_CALL, 0, 0, 0, CoreRelocator.POISON);
      if (slots[0] != call || slots[1] != call) {
        throw new AssertionError("not poisoned in both slots");
      }
      return null;
    }
    return Integer.toUnsignedLong(Code.immediate(slots[0])) | (long) Code.immediate(slots[1]) << 32;
  }

  boolean apply(long[] slots, int slot, CoreRelocation.Kind kind, int type, String access) {
    return relocator().apply("prog", slots, slot, new CoreRelocation(kind, type, access));
  }

  /** The slot after the relocation of a field's offset. */
  long patch(long slot, CoreRelocation.Kind kind, int type, String access) {
    long[] slots = {slot};
    apply(slots, 0, kind, type, access);
    return slots[0];
  }
}
