// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import org.bpfdump.error.ProgramException;

/**
 * What compiled programs call to access memory. They keep the regions that they have found, each by
 * the upper half of its addresses, its <em>tag</em>: an access where the tag still fits needs no
 * more than its bounds checked. {@code slot} is the instruction's, for messages.
 */
final class Access {
  /** The tag of no memory. */
  static final int NONE = 1 << 30;

  private static final byte[] NOTHING = {};

  private Access() {}

  /** The region of an address, for accesses near it; empty where the program has none. */
  static byte[] region(Processor processor, long address) {
    byte[] found = processor.own().find(address);
    return found == null ? NOTHING : found;
  }

  /** The tag of an address where the program has memory. */
  static int tag(Processor processor, long address) {
    return processor.own().find(address) == null ? NONE : (int) (address >>> 32);
  }

  /** The tag of an address where the program may write. */
  static int writableTag(Processor processor, long address) {
    return processor.own().findWritable(address) == null ? NONE : (int) (address >>> 32);
  }

  static long load8(byte[] region, int tag, Processor processor, long address, int slot) {
    if ((int) (address >>> 32) == tag) {
      try {
        return (long) Regions.LONG.get(region, (int) address);
      } catch (IndexOutOfBoundsException outside) {
        // Said below.
      }
    }
    return load(processor, address, 8, slot);
  }

  static int load4(byte[] region, int tag, Processor processor, long address, int slot) {
    if ((int) (address >>> 32) == tag) {
      try {
        return (int) Regions.INT.get(region, (int) address);
      } catch (IndexOutOfBoundsException outside) {
        // Said below.
      }
    }
    return (int) load(processor, address, 4, slot);
  }

  static int load2(byte[] region, int tag, Processor processor, long address, int slot) {
    if ((int) (address >>> 32) == tag) {
      try {
        return (short) Regions.SHORT.get(region, (int) address);
      } catch (IndexOutOfBoundsException outside) {
        // Said below.
      }
    }
    return (int) load(processor, address, 2, slot);
  }

  static int load1(byte[] region, int tag, Processor processor, long address, int slot) {
    if ((int) (address >>> 32) == tag) {
      try {
        return region[(int) address];
      } catch (IndexOutOfBoundsException outside) {
        // Said below.
      }
    }
    return (int) load(processor, address, 1, slot);
  }

  static void store8(
      byte[] region, int tag, Processor processor, long address, long value, int slot) {
    if ((int) (address >>> 32) == tag) {
      try {
        Regions.LONG.set(region, (int) address, value);
        return;
      } catch (IndexOutOfBoundsException outside) {
        // Said below.
      }
    }
    store(processor, address, 8, value, slot);
  }

  static void store4(
      byte[] region, int tag, Processor processor, long address, long value, int slot) {
    if ((int) (address >>> 32) == tag) {
      try {
        Regions.INT.set(region, (int) address, (int) value);
        return;
      } catch (IndexOutOfBoundsException outside) {
        // Said below.
      }
    }
    store(processor, address, 4, value, slot);
  }

  static void store2(
      byte[] region, int tag, Processor processor, long address, long value, int slot) {
    if ((int) (address >>> 32) == tag) {
      try {
        Regions.SHORT.set(region, (int) address, (short) value);
        return;
      } catch (IndexOutOfBoundsException outside) {
        // Said below.
      }
    }
    store(processor, address, 2, value, slot);
  }

  static void store1(
      byte[] region, int tag, Processor processor, long address, long value, int slot) {
    if ((int) (address >>> 32) == tag) {
      try {
        region[(int) address] = (byte) value;
        return;
      } catch (IndexOutOfBoundsException outside) {
        // Said below.
      }
    }
    store(processor, address, 1, value, slot);
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
