// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.util.List;
import org.bpfdump.text.Columns;

/** Rows whose columns line up. */
final class Table {
  private Table() {}

  /**
   * All rows, each a line; two blanks at least between columns.
   *
   * @param rows all of the same length, the heading first
   * @param leastWidth of the first columns, with one blank at least after each
   */
  static String of(List<String[]> rows, int... leastWidth) {
    int[] widths = new int[rows.getFirst().length];
    System.arraycopy(leastWidth, 0, widths, 0, leastWidth.length);
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], Columns.of(row[i]) + (i < leastWidth.length ? 1 : 2));
      }
    }
    StringBuilder table = new StringBuilder();
    for (String[] row : rows) {
      int last = row.length - 1;
      for (int i = 0; i < last; i++) {
        table.append(row[i]).repeat(' ', widths[i] - Columns.of(row[i]));
      }
      table.append(row[last]).append('\n');
    }
    return table.toString();
  }
}
