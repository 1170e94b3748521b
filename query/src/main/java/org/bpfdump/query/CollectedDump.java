// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Receipt;
import org.bpfdump.query.row.Collected;
import org.bpfdump.query.row.RowLayout;

/**
 * A pass whose rows the program has collected in a map ({@link Collected}), as the dump that it
 * would be if the program had written them: the same records in the same order.
 */
final class CollectedDump implements Dump {
  /** The record before the first row goes here, where the map has nothing. */
  private static final int BEGIN_AT = Collected.ROWS_AT - 8;

  private final Receipt walk;
  private final MemorySegment records;
  private long at;

  /**
   * A walk that has ended.
   *
   * @param walk what reading it gave
   * @param value the map's value after it; this pass's own, if an object was visited
   */
  CollectedDump(Receipt walk, byte[] value, boolean visited, ByteOrder order) {
    this.walk = walk;
    ByteBuffer numbers = ByteBuffer.wrap(value).order(order);
    int end = Collected.ROWS_AT + (visited ? (int) numbers.getLong(Collected.USED) : 0);
    byte[] all = Arrays.copyOf(value, end + 16);
    ByteBuffer.wrap(all)
        .order(order)
        .putLong(BEGIN_AT, (long) RowLayout.Kind.BEGIN.code() << 32)
        .putLong(end, (long) RowLayout.Kind.END.code() << 32)
        .putLong(end + 8, visited ? numbers.getLong(Collected.VISITED) - 1 : 0);
    records = MemorySegment.ofArray(all);
    at = visited ? BEGIN_AT : end;
  }

  @Override
  public long read(MemorySegment into) {
    long size = Math.min(records.byteSize() - at, into.byteSize());
    MemorySegment.copy(records, at, into, 0, size);
    at += size;
    return size;
  }

  @Override
  public Receipt receipt() {
    return walk;
  }

  /** The walk has been closed already. */
  @Override
  public void close() {}
}
