// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.bpfdump.query.row.RecordMapper;

/**
 * The rows of one pass over a target, as records. They are made as they are asked for, once; for
 * one thread. A large dump is read by a thread of its own, some hundred kilobytes ahead.
 */
public final class Rows<T extends Record> implements Iterable<T>, AutoCloseable {
  private final LoadedQuery query;
  private final RowDump dump;
  private final RecordMapper<T> mapper;
  private boolean iterated;

  /** Owns the query and the dump. */
  Rows(LoadedQuery query, RowDump dump, RecordMapper<T> mapper) {
    this.query = query;
    this.dump = dump;
    this.mapper = mapper;
  }

  /** The rows that are left. There is one pass: a second call is refused. */
  @Override
  public Iterator<T> iterator() {
    if (iterated) {
      throw new IllegalStateException("rows can be read once: ask the query for rows again");
    }
    iterated = true;
    return new Iterator<>() {
      private boolean looked;
      private boolean more;

      @Override
      public boolean hasNext() {
        if (!looked) {
          more = dump.next();
          looked = true;
        }
        return more;
      }

      @Override
      public T next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        looked = false;
        return mapper.map(dump.row());
      }
    };
  }

  /** What has been read so far, and whether that is all. */
  public QueryReceipt receipt() {
    return dump.receipt();
  }

  @Override
  public void close() {
    dump.close();
    query.close();
  }
}
