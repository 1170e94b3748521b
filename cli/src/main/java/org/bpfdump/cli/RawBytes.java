// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.nio.ByteBuffer;
import org.bpfdump.query.Row;
import org.bpfdump.query.render.RowWriter;
import org.bpfdump.query.render.Sink;
import org.bpfdump.query.row.RowReader;

/** Rows as the program wrote them; {@link org.bpfdump.query.row.RowLayout} says how that is. */
final class RawBytes implements RowWriter {
  private final Sink sink;
  private byte[] bytes = new byte[64 << 10];
  private int size;

  RawBytes(Sink sink) {
    this.sink = sink;
  }

  @Override
  public void row(Row row) {
    ByteBuffer record = ((RowReader) row).record();
    int length = record.remaining();
    if (size + length > bytes.length) {
      flush();
      if (length > bytes.length) {
        bytes = new byte[2 * length];
      }
    }
    record.get(bytes, size, length);
    size += length;
  }

  @Override
  public void flush() {
    sink.write(bytes, 0, size);
    size = 0;
  }

  @Override
  public void end() {
    flush();
  }
}
