// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

import java.util.Optional;
import java.util.OptionalLong;
import org.bpfdump.error.IncompleteException;

/**
 * What a query's dump gave, and whether that was all.
 *
 * @param visited how many objects the walk came to; empty when it did not reach its end
 * @param written how many rows the program wrote and were read
 * @param retries how often the kernel said "ask again"
 * @param faults how many accesses met memory that an image's file does not have; 0 on a running
 *     kernel
 * @param missing why the dump is not complete; empty when it is
 */
public record QueryReceipt(
    OptionalLong visited, long written, long retries, long faults, Optional<String> missing) {
  /** The receipt of a running kernel's dump. */
  public QueryReceipt(OptionalLong visited, long written, long retries, Optional<String> missing) {
    this(visited, written, retries, 0, missing);
  }

  /** Whether every object was visited, and the row of each that matched was read. */
  public boolean complete() {
    return missing.isEmpty();
  }

  /** This receipt, unless something is missing. */
  public QueryReceipt requireComplete() {
    if (missing.isPresent()) {
      throw new IncompleteException("the dump is not complete: " + missing.get());
    }
    return this;
  }

  /**
   * One line: {@code 731 visited, 12 rows, 0 retries, complete}, with {@code 12 faults} before the
   * last where there were some.
   */
  @Override
  public String toString() {
    return (visited.isPresent() ? visited.getAsLong() + " visited, " : "")
        + written
        + (written == 1 ? " row, " : " rows, ")
        + retries
        + " retries, "
        + (faults == 0 ? "" : faults + " faults, ")
        + (complete() ? "complete" : "incomplete: " + missing.get());
  }
}
