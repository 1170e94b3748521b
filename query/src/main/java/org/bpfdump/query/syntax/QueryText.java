// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.syntax;

import java.util.List;
import java.util.Optional;

/**
 * A query as it was written.
 *
 * @param target name or path of the target
 * @param columns in order; empty for the target's usual ones
 * @param where the condition
 */
public record QueryText(String target, List<Column> columns, Optional<Source> where) {
  public QueryText {
    columns = List.copyOf(columns);
  }

  /**
   * An expression with the text that its spans are in.
   *
   * @param text the text
   */
  public record Source(String text, Expression expression) {}

  /**
   * One column.
   *
   * @param label what was written before {@code =}, else the text of the expression
   */
  public record Column(String label, Source source) {}
}
