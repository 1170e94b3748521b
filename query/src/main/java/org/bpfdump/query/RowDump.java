// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

import java.util.Optional;
import java.util.OptionalLong;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Receipt;
import org.bpfdump.query.row.RowReader;

/**
 * One pass over a target, row by row. Nothing is allocated for a row: {@link #row()} is the same
 * object throughout. For one thread.
 */
public final class RowDump implements AutoCloseable {
  private final Dump dump;
  private final RowReader reader;
  private boolean atEnd;

  /** Owns the dump. */
  RowDump(Dump dump, RowReader reader) {
    this.dump = dump;
    this.reader = reader;
  }

  /**
   * Goes to the next row.
   *
   * @return whether there is one
   * @throws org.bpfdump.error.IncompleteException when the kernel ends the walk before its end
   */
  public boolean next() {
    boolean more = !atEnd && reader.next();
    atEnd = !more;
    return more;
  }

  /** The row that {@link #next} went to. */
  public Row row() {
    return reader;
  }

  /** What has been read so far, and whether that is all. */
  public QueryReceipt receipt() {
    Receipt read = dump.receipt();
    Optional<String> missing = read.missing();
    if (missing.isEmpty() && !atEnd) {
      missing = Optional.of("it was not read to its end");
    } else if (missing.isEmpty() && !reader.finished()) {
      missing = Optional.of("the kernel ended the walk without saying that it was at its end");
    }
    return new QueryReceipt(
        reader.finished() ? OptionalLong.of(reader.visited()) : OptionalLong.empty(),
        reader.rows(),
        read.retries(),
        read.faults(),
        missing);
  }

  @Override
  public void close() {
    dump.close();
  }
}
