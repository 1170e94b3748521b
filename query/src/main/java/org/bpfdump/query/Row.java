// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

import java.nio.ByteBuffer;

/** The row that a {@link RowDump} stands at; what it says changes with the reader. */
public interface Row {
  /** How many columns it has. */
  int columns();

  /** Whether the cell is NULL. */
  boolean isNull(int column);

  /**
   * A number, extended to 64 bits as its column's type says.
   *
   * @throws IllegalArgumentException when the column holds no number
   */
  long number(int column);

  /**
   * The bytes of a text (up to its NUL), or of a cell that holds bytes: between position and limit
   * of a buffer that belongs to the row, and is the same at each call. Empty for NULL.
   *
   * @throws IllegalArgumentException when the column holds a number
   */
  ByteBuffer bytes(int column);
}
