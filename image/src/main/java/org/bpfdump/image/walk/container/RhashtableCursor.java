// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.container;

import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Types;

/**
 * Goes over a {@code struct rhashtable} as its own walk does: the table, then the one that it is
 * being moved to, if it is. Sources: include/linux/rhashtable.h, lib/rhashtable.c.
 */
public final class RhashtableCursor {
  /** Buckets of one table; more than any kernel has. */
  private static final int MOST = 1 << 24;

  /** Bytes of the smallest objects that are in such tables. */
  private static final int LEAST = 64;

  /** Tables that wait for each other. */
  private static final int MOST_TABLES = 8;

  /** How many bits of the number of a bucket one level of a nested table takes. */
  private static final int NESTED_SHIFT = 9;

  private final VirtualMemory memory;
  private final Room room;
  private final Field first;
  private final Field size;
  private final Field nest;
  private final Field future;
  private final Field buckets;
  private final ForwardCursor chain;
  private long table;
  private int tables;
  private int count;
  private int nested;
  private int bucket;

  /**
   * At the end of no table.
   *
   * @param room what buckets and elements are taken from: many heads may lead to the same chain
   */
  public RhashtableCursor(VirtualMemory memory, Types types, Room room) {
    this.memory = memory;
    this.room = room;
    first = types.field("rhashtable", "tbl");
    size = types.field("bucket_table", "size");
    nest = types.field("bucket_table", "nest");
    future = types.field("bucket_table", "future_tbl");
    buckets = types.field("bucket_table", "buckets");
    chain = new ForwardCursor(memory, types.field("rhash_head", "next").offset(), "hash chain");
  }

  /**
   * Goes to the start of a table.
   *
   * @param rhashtable its address
   * @throws org.bpfdump.error.MemoryFaultException when it is not in memory
   * @throws BrokenException when it cannot be one
   */
  public void start(long rhashtable) {
    table = 0;
    tables = 0;
    count = 0;
    chain.start(0);
    enter(first.get(memory, rhashtable));
  }

  private void enter(long address) {
    table = 0;
    count = 0;
    if (address == 0) {
      return;
    }
    if (++tables > MOST_TABLES) {
      throw new BrokenException("hash table", address, "is moved on and on");
    }
    long claimed = size.get(memory, address);
    if (claimed > MOST) {
      throw new BrokenException("hash table", address, "would have " + claimed + " buckets");
    }
    room.takeSlots(claimed);
    nested = (int) Math.min(nest.get(memory, address), Integer.SIZE - 1);
    count = (int) claimed;
    bucket = -1;
    table = address;
  }

  /**
   * Goes to the next element.
   *
   * @return the address of its {@code struct rhash_head}; 0 at the end, and ever after
   * @throws org.bpfdump.error.MemoryFaultException when a chain leads out of memory
   * @throws BrokenException when a chain loops
   */
  public long next() {
    long node = chain.next();
    while (node == 0) {
      if (++bucket >= count) {
        long last = table;
        table = 0;
        count = 0;
        if (last == 0) {
          return 0;
        }
        enter(future.get(memory, last));
        continue;
      }
      // The lowest bit of a head is its lock.
      chain.start(head() & ~1);
      node = chain.next();
    }
    room.take(LEAST);
    return node;
  }

  private long head() {
    long array = buckets.at(table);
    if (nested == 0) {
      return memory.u64(array + (long) bucket * Long.BYTES);
    }
    long page = memory.u64(array);
    int at = bucket & (1 << nested) - 1;
    int rest = bucket >>> nested;
    int left = count >>> nested;
    page = slot(page, at);
    while (page != 0 && left > 1 << NESTED_SHIFT) {
      page = slot(page, rest & (1 << NESTED_SHIFT) - 1);
      rest >>>= NESTED_SHIFT;
      left >>>= NESTED_SHIFT;
    }
    return slot(page, rest);
  }

  private long slot(long page, int index) {
    return page == 0 ? 0 : memory.u64(page + (long) index * Long.BYTES);
  }
}
