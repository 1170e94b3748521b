// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.kernel;

import java.util.List;
import java.util.Optional;
import org.bpfdump.error.IncompleteException;

/**
 * What a dump gave, and whether that was all.
 *
 * <p>A kernel's image can lack memory, or have a list that a crash left half changed. Where the
 * walk to the target's objects meets that, objects are missing, or may be: the dump is not
 * complete, and {@code notes} say where. Where only the program meets it, behind an object that it
 * was shown, it reads zero, as it would on a running kernel: the row is there, the dump is
 * complete, and {@code faults} counts it.
 *
 * @param bytes bytes read
 * @param reads how often the kernel was asked for more
 * @param retries how many of those it answered with "ask again" (EAGAIN)
 * @param faults how many accesses, of the walk or the program, met memory that the machine had and
 *     the image's file does not; 0 on a running kernel
 * @param notes the first places where the walk over an image met something broken or not there, in
 *     words; empty on a running kernel
 * @param missing why the dump is not complete; empty when it is
 */
public record Receipt(
    long bytes,
    long reads,
    long retries,
    long faults,
    List<String> notes,
    Optional<String> missing) {

  public Receipt {
    notes = List.copyOf(notes);
  }

  /** The receipt of a running kernel's dump. */
  public Receipt(long bytes, long reads, long retries, Optional<String> missing) {
    this(bytes, reads, retries, 0, List.of(), missing);
  }

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

  /**
   * One line: {@code 4096 bytes, 3 reads, 0 retries, complete}, with {@code 12 faults} before the
   * last where there were some.
   */
  @Override
  public String toString() {
    return bytes
        + " bytes, "
        + reads
        + " reads, "
        + retries
        + " retries, "
        + (faults == 0 ? "" : faults + " faults, ")
        + (complete() ? "complete" : "incomplete: " + missing.get());
  }
}
