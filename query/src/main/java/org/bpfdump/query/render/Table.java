// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.render;

import java.util.Arrays;
import java.util.List;
import org.bpfdump.query.Row;
import org.bpfdump.query.plan.Cell;
import org.bpfdump.query.plan.Column;
import org.bpfdump.query.plan.Shown;
import org.bpfdump.text.Columns;

/**
 * Rows in aligned columns under one header. It streams: the first rows, or those that came when
 * {@link #flush} was called, decide how wide the columns are; a later cell that is wider widens its
 * column from there on.
 */
public final class Table implements RowWriter {
  /** Rows that are waited for before the first is put out. */
  private static final int FIRST = 512;

  private static final int NARROWEST = 12;

  /** Bytes of lines that are put out at once. */
  private static final int FULL = 32 << 10;

  private static final byte[] CUT = {(byte) 0xE2, (byte) 0x80, (byte) 0xA6}; // an ellipsis

  private final Sink sink;
  private final CellWriter[] cells;
  private final boolean[] right;
  private final int[] widths;
  private final int fit;

  /** Texts of the cells of all rows taken, where each ends, and how wide it is. */
  private final TextBuffer taken = new TextBuffer();

  private int[] ends = new int[64];
  private int[] wide = new int[64];
  private int cellsTaken;

  private final TextBuffer line = new TextBuffer();
  private boolean started;
  private final boolean bold;

  /**
   * @param header whether there is one
   * @param fit how wide a line can be; 0 for any width
   * @param bold whether the header is
   */
  public Table(
      Sink sink, List<Column> columns, Users users, boolean header, int fit, boolean bold) {
    this.sink = sink;
    this.fit = fit;
    this.bold = bold && header;
    cells = new CellWriter[columns.size()];
    right = new boolean[columns.size()];
    widths = new int[columns.size()];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = new CellWriter(i, columns.get(i), users);
      right[i] = isNumber(columns.get(i).cell());
      if (header) {
        taken.put(columns.get(i).label());
        Escapes.visible(taken, cellsTaken == 0 ? 0 : ends[cellsTaken - 1]);
        endCell();
      }
    }
  }

  private static boolean isNumber(Cell cell) {
    return switch (cell) {
      case Cell.Scalar scalar ->
          switch (scalar.shown()) {
            case Shown.Decimal _, Shown.Hexadecimal _, Shown.Port _, Shown.Duration _ -> true;
            case Shown.Truth _,
                Shown.Letter _,
                Shown.Enumerators _,
                Shown.Flags _,
                Shown.Ipv4 _,
                Shown.Ipv6 _,
                Shown.User _,
                Shown.Hexdump _ ->
                false;
          };
      case Cell.Characters _, Cell.Bytes _, Cell.Address _ -> false;
    };
  }

  @Override
  public void row(Row row) {
    for (CellWriter cell : cells) {
      int start = taken.size();
      cell.write(row, taken);
      Escapes.visible(taken, start);
      endCell();
    }
    if (started || cellsTaken >= FIRST * cells.length) {
      layOut();
      if (line.size() >= FULL) {
        putOut();
      }
    }
  }

  private void endCell() {
    if (cellsTaken == ends.length) {
      ends = Arrays.copyOf(ends, 2 * ends.length);
      wide = Arrays.copyOf(wide, ends.length);
    }
    int start = cellsTaken == 0 ? 0 : ends[cellsTaken - 1];
    wide[cellsTaken] = Columns.of(taken.array(), start, taken.size());
    ends[cellsTaken++] = taken.size();
  }

  @Override
  public void flush() {
    layOut();
    putOut();
  }

  /** Makes lines of the rows taken. */
  private void layOut() {
    widen();
    for (int i = 0; i < cellsTaken; i += cells.length) {
      boolean heading = !started && bold && i == 0;
      line(i, heading);
    }
    started |= cellsTaken > 0;
    cellsTaken = 0;
    taken.truncate(0);
  }

  private void putOut() {
    if (line.size() > 0) {
      sink.write(line.array(), 0, line.size());
      line.truncate(0);
    }
  }

  private void widen() {
    for (int row = 0; row < cellsTaken; row += cells.length) {
      for (int i = 0; i < cells.length; i++) {
        widths[i] = Math.max(widths[i], wide[row + i]);
      }
    }
    if (fit == 0) {
      return;
    }
    int over = cells.length - 1 - fit;
    for (int width : widths) {
      over += width;
    }
    while (over > 0) {
      int widest = widest();
      if (widest < 0) {
        return; // the lines are cut then
      }
      int less = Math.min(over, widths[widest] - NARROWEST);
      widths[widest] -= less;
      over -= less;
    }
  }

  /** The widest column of texts that can be narrower; -1 when there is none. */
  private int widest() {
    int widest = -1;
    for (int i = 0; i < widths.length; i++) {
      if (!right[i] && widths[i] > NARROWEST && (widest < 0 || widths[i] > widths[widest])) {
        widest = i;
      }
    }
    return widest;
  }

  private void line(int first, boolean heading) {
    int start = line.size();
    if (heading) {
      line.put("\033[1m");
    }
    int text = line.size();
    for (int i = 0; i < cells.length; i++) {
      int from = first + i == 0 ? 0 : ends[first + i - 1];
      int to = ends[first + i];
      int width = wide[first + i];
      if (i > 0) {
        line.put(' ');
      }
      if (width > widths[i]) {
        cut(from, to, widths[i]);
        continue;
      }
      if (right[i]) {
        line.fill(' ', widths[i] - width);
      }
      line.put(taken.array(), from, to);
      if (!right[i] && i < cells.length - 1) {
        line.fill(' ', widths[i] - width);
      }
    }
    if (fit > 0) {
      cutLine(text);
    }
    trim(text);
    if (heading) {
      line.put("\033[0m");
    }
    if (line.size() > start || cells.length > 0) {
      line.put('\n');
    }
  }

  /** The beginning of a cell, and a sign that there was more. */
  private void cut(int from, int to, int width) {
    int end = Columns.fitting(taken.array(), from, to, width - 1);
    line.put(taken.array(), from, end).put(CUT, 0, CUT.length);
    line.fill(' ', width - 1 - Columns.of(taken.array(), from, end)); // half of a wide one
  }

  private void cutLine(int from) {
    line.truncate(Columns.fitting(line.array(), from, line.size(), fit));
  }

  /** Takes blanks off the end of a line. */
  private void trim(int from) {
    int end = line.size();
    while (end > from && line.array()[end - 1] == ' ') {
      end--;
    }
    line.truncate(end);
  }

  @Override
  public void end() {
    flush();
  }
}
