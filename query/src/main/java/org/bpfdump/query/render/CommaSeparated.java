// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.render;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.bpfdump.query.Row;
import org.bpfdump.query.plan.Column;

/** Rows as comma-separated values, RFC 4180: lines end with CR LF. NULL is an empty field. */
public final class CommaSeparated implements RowWriter {
  private final CsvWriter csv;
  private final CellWriter[] cells;
  private final String[] fields;
  private final TextBuffer text = new TextBuffer();

  /** {@code header} says whether the first line has the labels. */
  public CommaSeparated(Sink sink, List<Column> columns, Users users, boolean header) {
    csv =
        CsvWriter.builder()
            .lineDelimiter(LineDelimiter.CRLF)
            .build(stream(sink), StandardCharsets.UTF_8);
    cells = new CellWriter[columns.size()];
    fields = new String[cells.length];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = new CellWriter(i, columns.get(i), users);
      fields[i] = columns.get(i).label();
    }
    if (header) {
      csv.writeRecord(fields);
    }
  }

  static OutputStream stream(Sink sink) {
    return new OutputStream() {
      @Override
      public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int from, int length) {
        sink.write(bytes, from, from + length);
      }
    };
  }

  @Override
  public void row(Row row) {
    for (int i = 0; i < cells.length; i++) {
      text.truncate(0);
      cells[i].write(row, text);
      fields[i] = text.toString();
    }
    csv.writeRecord(fields);
  }

  @Override
  public void flush() {
    try {
      csv.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // the sink throws none
    }
  }

  @Override
  public void end() {
    flush();
  }
}
