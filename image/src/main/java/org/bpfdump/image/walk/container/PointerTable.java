// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.container;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.bpfdump.image.memory.PhysicalMemory;
import org.bpfdump.image.memory.VirtualMemory;

/** Goes through a table of pointers in memory by index, and reads it by the page. */
public final class PointerTable {
  /** Pages of one table that may be missing before the rest is given up. */
  private static final int MISSING = 16;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final VirtualMemory memory;
  private final byte[] block = new byte[PhysicalMemory.PAGE];
  private long table;
  private int size;
  private int position;
  private int blockStart;
  private int blockEnd;
  private int missing;

  /** At the end of no table. */
  public PointerTable(VirtualMemory memory) {
    this.memory = memory;
  }

  /** Goes to the start of a table. */
  public void start(long address, int size) {
    table = address;
    this.size = size;
    position = 0;
    blockStart = 0;
    blockEnd = 0;
    missing = 0;
  }

  /**
   * Goes to the next pointer that is not null.
   *
   * @return it; 0 at the end, and ever after
   * @throws org.bpfdump.error.MemoryFaultException when a page of the table is not there; the next
   *     call goes on after that page
   */
  public long next() {
    while (true) {
      while (position < blockEnd) {
        long pointer = (long) LONG.get(block, (position++ - blockStart) * Long.BYTES);
        if (pointer != 0) {
          return pointer;
        }
      }
      if (position >= size) {
        return 0;
      }
      fill();
    }
  }

  /** The index of the pointer. */
  public int index() {
    return position - 1;
  }

  /**
   * The pointers that come next and are at hand, perhaps none. It does not go to them.
   *
   * @param into room for some
   * @return how many there are
   */
  public int upcoming(long[] into) {
    int count = 0;
    for (int at = position; at < blockEnd && count < into.length; at++) {
      long pointer = (long) LONG.get(block, (at - blockStart) * Long.BYTES);
      if (pointer != 0) {
        into[count++] = pointer;
      }
    }
    return count;
  }

  private void fill() {
    long address = table + (long) Long.BYTES * position;
    int room = PhysicalMemory.PAGE - ((int) address & (PhysicalMemory.PAGE - 1));
    int count = Math.min(size - position, Math.max(1, room / Long.BYTES));
    blockStart = position;
    blockEnd = position; // nothing, if it is not there
    position = ++missing > MISSING ? size : position + count;
    memory.read(address, block, 0, count * Long.BYTES);
    missing--;
    position = blockStart;
    blockEnd = blockStart + count;
  }
}
