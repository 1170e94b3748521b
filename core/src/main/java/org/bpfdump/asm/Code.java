// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.asm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The instructions of a program, immutable. They are counted in <em>slots</em> of eight bytes; a
 * 64-bit immediate load takes two. A slot is held as a {@code long} in one layout whatever the byte
 * order of the machine: opcode in bits 0..7, destination register 8..11, source register 12..15,
 * offset 16..31, immediate 32..63. Source: {@code include/uapi/linux/bpf.h}, {@code struct
 * bpf_insn}.
 */
public final class Code {
  private final long[] slots;

  private Code(long[] slots) {
    this.slots = slots;
  }

  /** Code of these slots, which are copied. */
  public static Code of(long... slots) {
    return new Code(slots.clone());
  }

  /** Reads all bytes that remain, in the buffer's byte order; a last part of a slot is left. */
  public static Code read(ByteBuffer from) {
    long[] slots = new long[from.remaining() / 8];
    boolean big = from.order() == ByteOrder.BIG_ENDIAN;
    for (int i = 0; i < slots.length; i++) {
      int opcode = from.get() & 0xFF;
      int registers = from.get() & 0xFF;
      // The register nibbles are a C bitfield: they swap with the byte order.
      int dst = big ? registers >> 4 : registers & 0xF;
      int src = big ? registers & 0xF : registers >> 4;
      int offset = from.getShort();
      int immediate = from.getInt();
      slots[i] = slot(opcode, dst, src, offset, immediate);
    }
    return new Code(slots);
  }

  /** Writes all slots in the buffer's byte order. */
  public void write(ByteBuffer into) {
    boolean big = into.order() == ByteOrder.BIG_ENDIAN;
    for (long slot : slots) {
      int dst = dst(slot);
      int src = src(slot);
      into.put((byte) opcode(slot))
          .put((byte) (big ? dst << 4 | src : src << 4 | dst))
          .putShort((short) offset(slot))
          .putInt(immediate(slot));
    }
  }

  /** Number of slots. */
  public int size() {
    return slots.length;
  }

  /** The slot at this index. */
  public long get(int index) {
    return slots[index];
  }

  /** A copy of all slots. */
  public long[] toArray() {
    return slots.clone();
  }

  /** Makes a slot of its parts. */
  public static long slot(int opcode, int dst, int src, int offset, int immediate) {
    return (opcode & 0xFFL)
        | (dst & 0xFL) << 8
        | (src & 0xFL) << 12
        | (offset & 0xFFFFL) << 16
        | (long) immediate << 32;
  }

  /** Opcode of a slot, 0..255. */
  public static int opcode(long slot) {
    return (int) slot & 0xFF;
  }

  /** Destination register, 0..15. */
  public static int dst(long slot) {
    return (int) (slot >>> 8) & 0xF;
  }

  /** Source register, 0..15; in immediate loads and calls it says what the immediate is. */
  public static int src(long slot) {
    return (int) (slot >>> 12) & 0xF;
  }

  /** Offset, signed. */
  public static int offset(long slot) {
    return (short) (slot >>> 16);
  }

  /** Immediate, signed. */
  public static int immediate(long slot) {
    return (int) (slot >>> 32);
  }

  /** The slot with another source register. */
  public static long withSrc(long slot, int src) {
    return (slot & ~0xF000L) | (src & 0xFL) << 12;
  }

  /** The slot with another offset. */
  public static long withOffset(long slot, int offset) {
    return (slot & ~0xFFFF0000L) | (offset & 0xFFFFL) << 16;
  }

  /** The slot with another immediate. */
  public static long withImmediate(long slot, int immediate) {
    return (slot & 0xFFFFFFFFL) | (long) immediate << 32;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Code code && Arrays.equals(slots, code.slots);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(slots);
  }

  @Override
  public String toString() {
    return slots.length + " slots";
  }
}
