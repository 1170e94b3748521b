// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

/** What has pages of physical memory in some form. Safe for use by several threads. */
interface PageSource extends AutoCloseable {
  /**
   * Makes a page, and those that follow.
   *
   * @param frame the first one's number; any value is allowed
   * @param into room for the pages, whose bytes there are anything where they are not read
   * @param at of the first one's first byte
   * @param most how many pages are wanted, at least one
   * @return how many were read, which says nothing of those after them; 0 when the first one is not
   *     there
   * @throws org.bpfdump.error.MalformedException when the file's record of the first one is broken
   */
  int read(long frame, byte[] into, int at, int most);

  /** As {@link PhysicalMemory#next}. */
  long next(long frame);

  @Override
  void close();
}
