// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.render;

import java.util.List;
import org.bpfdump.query.Row;
import org.bpfdump.query.plan.Column;

/**
 * Rows as lines with tabs between the cells. Control characters in a cell, tabs and newlines among
 * them, are written as {@code \xNN}.
 */
public final class TabSeparated implements RowWriter {
  private static final int FULL = 32 << 10;

  private final Sink sink;
  private final CellWriter[] cells;
  private final TextBuffer text = new TextBuffer();

  /** {@code header} says whether the first line has the labels. */
  public TabSeparated(Sink sink, List<Column> columns, Users users, boolean header) {
    this.sink = sink;
    cells = new CellWriter[columns.size()];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = new CellWriter(i, columns.get(i), users);
      if (header) {
        int start = text.put(i == 0 ? "" : "\t").size();
        text.put(columns.get(i).label());
        Escapes.visible(text, start);
      }
    }
    if (header) {
      text.put('\n');
    }
  }

  @Override
  public void row(Row row) {
    for (int i = 0; i < cells.length; i++) {
      if (i > 0) {
        text.put('\t');
      }
      int start = text.size();
      cells[i].write(row, text);
      Escapes.visible(text, start);
    }
    text.put('\n');
    if (text.size() > FULL) {
      flush();
    }
  }

  @Override
  public void flush() {
    sink.write(text.array(), 0, text.size());
    text.truncate(0);
  }

  @Override
  public void end() {
    flush();
  }
}
