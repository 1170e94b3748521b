// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.query.Row;
import org.bpfdump.query.Span;
import org.bpfdump.query.plan.Cell;
import org.bpfdump.query.plan.Column;
import org.bpfdump.query.plan.Text;

/** A row with the name of the network namespace that it is of before its columns. */
final class NamedRow implements Row {
  private static final String LABEL = "netns";

  private final ByteBuffer name;
  private final Row row;

  /** {@code row} may be one that goes from row to row. */
  NamedRow(String name, Row row) {
    this.name = ByteBuffer.wrap(name.getBytes(StandardCharsets.UTF_8));
    this.row = row;
  }

  /** The columns of such rows. */
  static List<Column> columns(List<Column> columns) {
    List<Column> all = new ArrayList<>();
    Text text = new Text.Literal(new Span(0, LABEL.length()), LABEL);
    all.add(new Column(LABEL, LABEL, new Cell.Characters(text)));
    all.addAll(columns);
    return all;
  }

  @Override
  public int columns() {
    return row.columns() + 1;
  }

  @Override
  public boolean isNull(int column) {
    return column > 0 && row.isNull(column - 1);
  }

  @Override
  public long number(int column) {
    if (column == 0) {
      throw new IllegalArgumentException("column 0 holds no number");
    }
    return row.number(column - 1);
  }

  @Override
  public ByteBuffer bytes(int column) {
    return column == 0 ? name.rewind() : row.bytes(column - 1);
  }
}
