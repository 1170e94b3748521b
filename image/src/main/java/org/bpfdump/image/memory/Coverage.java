// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

/**
 * How much of the machine's memory a file has, in pages of {@link PhysicalMemory#PAGE} bytes.
 *
 * @param machine pages that the machine had, as far as the file tells
 * @param present pages that the file has
 * @param cut pages that the file should have, but ends before: it was cut off, or its disk was full
 * @param end the frame after the highest one present; 0 when there is none
 * @param incomplete whether the file's writer noted that it could not finish, or pages are cut
 */
public record Coverage(long machine, long present, long cut, long end, boolean incomplete) {
  /** Pages left out on purpose: user pages, caches, zero pages, free ones. */
  public long excluded() {
    return Math.max(0, machine - present - cut);
  }
}
