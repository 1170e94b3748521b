// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

/** How a program writes rows as text. */
public enum TextFormat {
  /**
   * Columns of a width that comes from their labels and types: a cell that is longer pushes the
   * rest of its line.
   */
  TABLE,
  /** A tab between the cells. */
  TAB_SEPARATED
}
