// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.render;

import org.bpfdump.query.Row;

/** Puts rows out in one format. For one thread. */
public interface RowWriter {
  /** Takes a row; it may be put out later. */
  void row(Row row);

  /** Puts out every row that was taken. */
  void flush();

  /** Puts out what there still is, and what the format has at its end. */
  void end();
}
