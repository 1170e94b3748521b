// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.kernel;

import java.util.Optional;
import org.bpfdump.error.IncompleteException;

/**
 * What a dump gave, and whether that was all.
 *
 * @param bytes bytes read
 * @param reads how often the kernel was asked for more
 * @param retries how many of those it answered with "ask again" (EAGAIN)
 * @param missing why the dump is not complete; empty when it is
 */
public record Receipt(long bytes, long reads, long retries, Optional<String> missing) {
  /** Whether the pass reached the end of its target and everything it wrote was read. */
  public boolean complete() {
    return missing.isEmpty();
  }

  /** This receipt, unless something is missing. */
  public Receipt requireComplete() {
    if (missing.isPresent()) {
      throw new IncompleteException("the dump is not complete: " + missing.get());
    }
    return this;
  }

  /** One line: {@code 4096 bytes, 3 reads, 0 retries, complete}. */
  @Override
  public String toString() {
    return bytes
        + " bytes, "
        + reads
        + " reads, "
        + retries
        + " retries, "
        + (complete() ? "complete" : "incomplete: " + missing.get());
  }
}
