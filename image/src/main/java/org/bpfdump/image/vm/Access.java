// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import org.bpfdump.error.ProgramException;

/**
 * What compiled programs call to access memory. They keep the regions that they have found, each
 * with its <em>tag</em>, the upper 33 bits of the addresses of its bytes: an access whose base has
 * that tag needs no more than its bounds checked, and no two accesses by one base check the tag
 * twice once the JVM has compiled them. {@code slot} is the instruction's, for messages.
 */
final class Access {
  /** The tag of no memory. */
  static final long NONE = -1;

  private static final int TAG_SHIFT = 31;

  private static final byte[] NOTHING = {};

  private Access() {}

  /** The region of an address, for accesses near it; empty where the program has none. */
  static byte[] region(Processor processor, long address) {
    byte[] found = processor.own().find(address);
    return found == null ? NOTHING : found;
  }

  /** The tag of an address where the program has memory. */
  static long tag(Processor processor, long address) {
    return processor.own().find(address) == null ? NONE : address >> 32 << 1;
  }

  /** The tag of an address where the program may write. */
  static long writableTag(Processor processor, long address) {
    return processor.own().findWritable(address) == null ? NONE : address >> 32 << 1;
  }

  static long load8(byte[] region, long tag, Processor processor, long base, int offset, int slot) {
    if (base >>> TAG_SHIFT != tag) {
      return load(processor, base + offset, 8, slot);
    }
    try {
      return (long) Regions.LONG.get(region, (int) base + offset);
    } catch (IndexOutOfBoundsException outside) {
      return load(processor, base + offset, 8, slot);
    }
  }

  static int load4(byte[] region, long tag, Processor processor, long base, int offset, int slot) {
    if (base >>> TAG_SHIFT != tag) {
      return (int) load(processor, base + offset, 4, slot);
    }
    try {
      return (int) Regions.INT.get(region, (int) base + offset);
    } catch (IndexOutOfBoundsException outside) {
      return (int) load(processor, base + offset, 4, slot);
    }
  }

  static int load2(byte[] region, long tag, Processor processor, long base, int offset, int slot) {
    if (base >>> TAG_SHIFT != tag) {
      return (int) load(processor, base + offset, 2, slot);
    }
    try {
      return (short) Regions.SHORT.get(region, (int) base + offset);
    } catch (IndexOutOfBoundsException outside) {
      return (int) load(processor, base + offset, 2, slot);
    }
  }

  static int load1(byte[] region, long tag, Processor processor, long base, int offset, int slot) {
    if (base >>> TAG_SHIFT != tag) {
      return (int) load(processor, base + offset, 1, slot);
    }
    try {
      return region[(int) base + offset];
    } catch (IndexOutOfBoundsException outside) {
      return (int) load(processor, base + offset, 1, slot);
    }
  }

  static void store8(
      byte[] region, long tag, Processor processor, long base, int offset, long value, int slot) {
    if (base >>> TAG_SHIFT != tag) {
      store(processor, base + offset, 8, value, slot);
      return;
    }
    try {
      Regions.LONG.set(region, (int) base + offset, value);
    } catch (IndexOutOfBoundsException outside) {
      store(processor, base + offset, 8, value, slot);
    }
  }

  static void store4(
      byte[] region, long tag, Processor processor, long base, int offset, long value, int slot) {
    if (base >>> TAG_SHIFT != tag) {
      store(processor, base + offset, 4, value, slot);
      return;
    }
    try {
      Regions.INT.set(region, (int) base + offset, (int) value);
    } catch (IndexOutOfBoundsException outside) {
      store(processor, base + offset, 4, value, slot);
    }
  }

  static void store2(
      byte[] region, long tag, Processor processor, long base, int offset, long value, int slot) {
    if (base >>> TAG_SHIFT != tag) {
      store(processor, base + offset, 2, value, slot);
      return;
    }
    try {
      Regions.SHORT.set(region, (int) base + offset, (short) value);
    } catch (IndexOutOfBoundsException outside) {
      store(processor, base + offset, 2, value, slot);
    }
  }

  static void store1(
      byte[] region, long tag, Processor processor, long base, int offset, long value, int slot) {
    if (base >>> TAG_SHIFT != tag) {
      store(processor, base + offset, 1, value, slot);
      return;
    }
    try {
      region[(int) base + offset] = (byte) value;
    } catch (IndexOutOfBoundsException outside) {
      store(processor, base + offset, 1, value, slot);
    }
  }

  /** Where the region is not known: mostly the image's memory. */
  static long load(Processor processor, long address, int size, int slot) {
    if (!ProgramMemory.isOwn(address)) {
      return processor.kernel().loadOrZero(address, size);
    }
    processor.slot = slot;
    return processor.load(address, size);
  }

  static void store(Processor processor, long address, int size, long value, int slot) {
    processor.slot = slot;
    processor.store(address, size, value);
  }

  static long atomic(
      Processor processor, long address, int size, int operation, long operand, int slot) {
    processor.slot = slot;
    return Atomics.change(processor, address, size, operation, operand);
  }

  static long exchangeIf(
      Processor processor, long address, int size, long expected, long operand, int slot) {
    processor.slot = slot;
    return Atomics.exchangeIf(processor, address, size, expected, operand);
  }

  // In the stack, at an index that is inside.

  static long get8(byte[] stack, int index) {
    return (long) Regions.LONG.get(stack, index);
  }

  static int get4(byte[] stack, int index) {
    return (int) Regions.INT.get(stack, index);
  }

  static int get2(byte[] stack, int index) {
    return (short) Regions.SHORT.get(stack, index);
  }

  static int get1(byte[] stack, int index) {
    return stack[index];
  }

  static void set8(byte[] stack, int index, long value) {
    Regions.LONG.set(stack, index, value);
  }

  static void set4(byte[] stack, int index, long value) {
    Regions.INT.set(stack, index, (int) value);
  }

  static void set2(byte[] stack, int index, long value) {
    Regions.SHORT.set(stack, index, (short) value);
  }

  static void set1(byte[] stack, int index, long value) {
    stack[index] = (byte) value;
  }

  /** What a jump backward throws that the budget does not allow. */
  static ProgramException exhausted(Processor processor, long left, int slot) {
    processor.budget = left;
    processor.slot = slot;
    return processor.exhausted();
  }

  static ProgramException notGiven(Processor processor, int slot) {
    processor.slot = slot;
    return processor.notGiven();
  }
}
