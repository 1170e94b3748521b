// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.container;

import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.image.memory.PhysicalMemory;
import org.bpfdump.image.memory.VirtualMemory;

/** Goes over a hash table: an array of buckets, each of which has the head of a chain. */
public final class BucketCursor {
  /** Buckets of one table; more than a machine with terabytes of memory gets. */
  private static final int MOST = 1 << 26;

  /** Bytes of the smallest objects that are in such tables. */
  private static final int LEAST = 64;

  private final ChainCursor chain;
  private final Room room;
  private long table;
  private int count;
  private int stride;
  private int bucket;

  /**
   * At the end of no table.
   *
   * @param room what nodes are taken from: many heads may lead to the same chain
   */
  public BucketCursor(VirtualMemory memory, Room room) {
    chain = new ChainCursor(memory);
    this.room = room;
  }

  /**
   * Goes to the start of a table.
   *
   * @param head the address of the head of its first chain
   * @param buckets how many it has
   * @param size bytes from one bucket to the next
   * @throws BrokenException when no table is as large
   */
  public void start(long head, long buckets, int size) {
    table = head;
    stride = size;
    bucket = -1;
    count = 0;
    if (buckets < 0 || buckets > MOST) {
      throw new BrokenException(
          "hash table", head, "would have " + Long.toUnsignedString(buckets) + " buckets");
    }
    count = (int) buckets;
  }

  /**
   * Goes to the next node of a chain, be it in another bucket.
   *
   * @return its address; 0 at the end, and ever after
   * @throws MemoryFaultException when a chain leads out of memory; with the head of a chain, the
   *     buckets on the same page are left out
   * @throws BrokenException when a chain loops
   */
  public long next() {
    if (bucket >= 0) {
      long node = chain.next();
      if (node != 0) {
        return counted(node);
      }
    }
    while (bucket + 1 < count) {
      bucket++;
      chain.start(head());
      long node = first();
      if (node != 0) {
        return counted(node);
      }
    }
    return 0;
  }

  private long counted(long node) {
    room.take(LEAST);
    return node;
  }

  /** The number of the bucket that the last node was in. */
  public int bucket() {
    return bucket;
  }

  private long head() {
    return table + (long) bucket * stride;
  }

  private long first() {
    try {
      return chain.next();
    } catch (MemoryFaultException e) {
      long head = head();
      if (e.address() >= head && e.address() < head + Long.BYTES) {
        long left = -(e.address() | -PhysicalMemory.PAGE) - 1;
        bucket = (int) Math.min(count - 1L, bucket + left / stride);
      }
      throw e;
    }
  }
}
