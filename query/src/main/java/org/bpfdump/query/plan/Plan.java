// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.plan;

import java.util.List;
import java.util.Optional;
import org.bpfdump.kernel.Target;

/**
 * What a query does on one kernel.
 *
 * @param target what is walked
 * @param columns what is delivered of each object that matches, in order
 * @param where which objects match; all when empty. An object for which it is NULL or 0 does not
 * @param condition the text of {@code where} as it was written; empty when there is none
 * @param text the whole query on one line, for who finds the program later; empty for none
 */
public record Plan(
    Target target, List<Column> columns, Optional<Value> where, String condition, String text) {
  public Plan {
    columns = List.copyOf(columns);
  }

  /** A plan of no text. */
  public Plan(Target target, List<Column> columns, Optional<Value> where, String condition) {
    this(target, columns, where, condition, "");
  }

  /** The same with a condition of no text. */
  public Plan(Target target, List<Column> columns, Optional<Value> where) {
    this(target, columns, where, "");
  }
}
