// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

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
   * @return {@link #PAGE} bytes, little-endian, not to be written to; null when the file does not
   *     have it (left out, cut off, or no memory at all)
   * @throws org.bpfdump.error.MalformedException when the file's record of the page is broken
   */
  ByteBuffer page(long frame);

  /**
   * Copies pages that are wanted once, and in a row.
   *
   * @param frame the first one's number; any value is allowed
   * @param into room for them from {@code at} on
   * @param most how many are wanted, at least one
   * @return how many were copied, which says nothing of those after them; 0 when the file does not
   *     have the first
   * @throws org.bpfdump.error.MalformedException when the file's record of the first is broken
   */
  default int read(long frame, byte[] into, int at, int most) {
    ByteBuffer page = page(frame);
    if (page == null) {
      return 0;
    }
    page.get(0, into, at, PAGE);
    return 1;
  }

  /** Bytes of a page in that form. */
  static ByteBuffer wrap(byte[] page) {
    return ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
  }

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
