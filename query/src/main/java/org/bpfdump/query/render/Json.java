// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.render;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bpfdump.error.QueryException;
import org.bpfdump.query.QueryReceipt;
import org.bpfdump.query.Row;
import org.bpfdump.query.plan.Cell;
import org.bpfdump.query.plan.Column;
import org.bpfdump.query.plan.Shown;
import org.bpfdump.query.plan.Type;

/**
 * Rows as JSON objects, in an array or one a line. Numbers are numbers whatever their size, truth
 * values are that, NULL is {@code null}, all else is a string.
 */
public final class Json implements RowWriter {
  /** What a cell is in JSON. */
  private enum Form {
    SIGNED,
    UNSIGNED,
    TRUTH,

    /** A number that is not as the kernel has it. */
    WRITTEN,

    STRING
  }

  private final JsonGenerator json;
  private final boolean lines;
  private final CellWriter[] cells;
  private final String[] labels;
  private final Form[] forms;
  private final TextBuffer text = new TextBuffer();
  private boolean any;

  /**
   * {@code lines} for one object a line, else one array.
   *
   * @throws QueryException when two columns have the same label, by which nobody could tell them
   *     apart
   */
  public Json(Sink sink, List<Column> columns, Users users, boolean lines) {
    this.lines = lines;
    cells = new CellWriter[columns.size()];
    labels = new String[cells.length];
    forms = new Form[cells.length];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = new CellWriter(i, columns.get(i), users);
      labels[i] = columns.get(i).label();
      forms[i] = form(columns.get(i).cell());
    }
    requireDifferentLabels(columns);
    try {
      json = new JsonFactory().createGenerator(CommaSeparated.stream(sink));
      json.setPrettyPrinter(new RowPerLine());
      if (!lines) {
        json.writeStartArray();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void requireDifferentLabels(List<Column> columns) {
    Set<String> labels = new HashSet<>();
    for (Column column : columns) {
      if (!labels.add(column.label())) {
        throw new QueryException(
            "two columns are labelled "
                + column.label()
                + ", and in JSON a value is found by its label: give one another, as in other = "
                + column.text(),
            column.text(),
            0,
            column.text().length());
      }
    }
  }

  private static Form form(Cell cell) {
    return switch (cell) {
      case Cell.Scalar scalar ->
          switch (scalar.shown()) {
            case Shown.Decimal _, Shown.Duration _ -> sign(scalar.value().type());
            case Shown.Port _ -> Form.WRITTEN;
            case Shown.Truth _ -> Form.TRUTH;
            case Shown.Hexadecimal _,
                Shown.Letter _,
                Shown.Enumerators _,
                Shown.Flags _,
                Shown.Ipv4 _,
                Shown.Ipv6 _,
                Shown.User _,
                Shown.Hexdump _ ->
                Form.STRING;
          };
      case Cell.Characters _, Cell.Bytes _, Cell.Address _ -> Form.STRING;
    };
  }

  private static Form sign(Type type) {
    return switch (type) {
      case Type.Int number -> number.signed() ? Form.SIGNED : Form.UNSIGNED;
      case Type.Pointer _ -> Form.UNSIGNED;
    };
  }

  /** No blanks, but a line for each row. */
  private static final class RowPerLine extends MinimalPrettyPrinter {
    private static final long serialVersionUID = 1L;

    RowPerLine() {
      super("\n");
    }

    @Override
    public void beforeArrayValues(JsonGenerator to) throws IOException {
      to.writeRaw('\n');
    }

    @Override
    public void writeArrayValueSeparator(JsonGenerator to) throws IOException {
      to.writeRaw(",\n");
    }

    @Override
    public void writeEndArray(JsonGenerator to, int values) throws IOException {
      to.writeRaw(values == 0 ? "]" : "\n]");
    }
  }

  @Override
  public void row(Row row) {
    try {
      any = true;
      json.writeStartObject();
      for (int i = 0; i < cells.length; i++) {
        json.writeFieldName(labels[i]);
        cell(row, i);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void cell(Row row, int column) throws IOException {
    if (row.isNull(column)) {
      json.writeNull();
      return;
    }
    switch (forms[column]) {
      case SIGNED -> json.writeNumber(row.number(column));
      case UNSIGNED -> {
        long value = row.number(column);
        if (value >= 0) {
          json.writeNumber(value);
        } else {
          json.writeNumber(new BigInteger(Long.toUnsignedString(value)));
        }
      }
      case TRUTH -> json.writeBoolean(row.number(column) != 0);
      case WRITTEN -> json.writeNumber(written(row, column));
      case STRING -> json.writeString(written(row, column));
    }
  }

  private String written(Row row, int column) {
    text.truncate(0);
    cells[column].write(row, text);
    return text.toString();
  }

  /**
   * One record more, {@code {"receipt": ...}}, which says what was read and whether that is all.
   */
  public void receipt(QueryReceipt receipt) {
    try {
      any = true;
      json.writeStartObject();
      json.writeObjectFieldStart("receipt");
      if (receipt.visited().isPresent()) {
        json.writeNumberField("visited", receipt.visited().getAsLong());
      } else {
        json.writeNullField("visited");
      }
      json.writeNumberField("rows", receipt.written());
      json.writeNumberField("retries", receipt.retries());
      if (receipt.faults() != 0) {
        json.writeNumberField("faults", receipt.faults());
      }
      json.writeBooleanField("complete", receipt.complete());
      json.writeStringField("missing", receipt.missing().orElse(null));
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void flush() {
    try {
      json.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void end() {
    try {
      if (!lines) {
        json.writeEndArray();
      }
      if (any || !lines) {
        json.writeRaw('\n');
      }
      json.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
