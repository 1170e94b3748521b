// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.row;

/**
 * Where a program keeps its rows in the value of a map, for a target that can only be read one
 * buffer of the kernel long: five numbers of 64 bits, and then the rows, as they would be in the
 * stream. There is no other record.
 */
public final class Collected {
  /** Name of the map. */
  public static final String MAP = "rows";

  /** Offset of: bytes of rows. */
  public static final int USED = 0;

  /** Offset of: how many rows there are. */
  public static final int ROWS = 8;

  /** Offset of: how many objects were looked at. */
  public static final int VISITED = 16;

  /** Offset of: how many rows did not fit; with a larger map they would. */
  public static final int MISSED = 24;

  /**
   * Offset of: the pass that this is of, a number that no other pass has; 0 when there was none.
   */
  public static final int PASS = 32;

  /** Offset of the first row. */
  public static final int ROWS_AT = 64;

  private Collected() {}
}
