// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.lang.foreign.MemorySegment;

/**
 * The physical memory of a machine, as far as a file has it. Safe for use by several threads; owns
 * the file.
 */
public interface PhysicalMemory extends AutoCloseable {
  /** Bytes of a page. */
  int PAGE = 4096;

  /** The lowest bit that is not of the offset in a page. */
  int PAGE_SHIFT = 12;

  /**
   * A page.
   *
   * @param frame its number: physical address divided by {@link #PAGE}; any value is allowed
   * @return {@link #PAGE} bytes, not to be written to, valid until this is closed; null when the
   *     file does not have it (left out, cut off, or no memory at all)
   * @throws org.bpfdump.error.MalformedException when the file's record of the page is broken
   */
  MemorySegment page(long frame);

  /**
   * The first frame from one on that the file may have: what is between them it has not. Not less
   * than that one; above all memory at the end.
   *
   * @param frame not negative
   */
  default long next(long frame) {
    return frame;
  }

  @Override
  void close();
}
