// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.memory.VirtualMemory;

/**
 * A member of a struct, on one kernel.
 *
 * @param offset bytes from the start of the struct
 * @param size in bytes; of a bitfield, of the storage unit that it is read from: 1, 2, 4 or 8
 * @param signed whether it is extended by its sign
 * @param shift of a bitfield, how many lower bits of the unit are not its own; else 0
 * @param bits of a bitfield, how many are; 0 for all
 * @param type BTF id of its type, modifiers included
 */
public record Field(int offset, int size, boolean signed, int shift, int bits, int type) {
  /** Its address in the struct at this address. */
  public long at(long struct) {
    return struct + offset;
  }

  /**
   * Its value, of 1, 2, 4 or 8 bytes, in the struct at this address.
   *
   * @throws UnsupportedException when it is of another size, and so no number on this kernel
   */
  public long get(VirtualMemory memory, long struct) {
    if (size <= 0 || size > Long.BYTES || (size & (size - 1)) != 0) {
      throw new UnsupportedException(
          "this image's kernel has a struct where a number is expected, of " + size + " bytes");
    }
    long value = memory.load(struct + offset, size);
    int width = bits == 0 ? 8 * size : bits;
    int left = Long.SIZE - width - shift;
    return signed ? value << left >> (left + shift) : value << left >>> (left + shift);
  }
}
