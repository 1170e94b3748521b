// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

/**
 * The buffer of a kernel's seq file: a fixed size, and an overflow that is remembered. Source:
 * fs/seq_file.c. Of one thread.
 */
public interface SeqBuffer {
  /**
   * Appends.
   *
   * @return false when it does not fit: the buffer counts as full then
   */
  boolean write(byte[] from, int offset, int length);

  /** Whether it is full, by a write that did not fit or by one that left no byte. */
  boolean overflowed();
}
