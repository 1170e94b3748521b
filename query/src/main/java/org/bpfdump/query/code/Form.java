// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

/** What a program makes of a row. */
public enum Form {
  /** Records for {@link org.bpfdump.query.row.RowReader}. */
  RECORDS,
  /** A line with columns of fixed width, for people. */
  TABLE,
  /** A line with tabs between the cells. */
  TAB_SEPARATED
}
