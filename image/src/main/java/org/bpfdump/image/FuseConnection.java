// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.lang.foreign.MemorySegment;

/**
 * The kernel's side of a FUSE file system: requests come out, answers go in. Used by several
 * threads at a time.
 */
public interface FuseConnection {
  /**
   * Reads the next request; waits for it.
   *
   * @param into native memory
   * @return how many bytes it has; negative when the file system is gone
   */
  int read(MemorySegment into);

  /** Writes an answer, all of {@code answer}. */
  void write(MemorySegment answer);
}
