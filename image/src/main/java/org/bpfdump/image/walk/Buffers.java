// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk;

/** Memory that a program can reach and the image does not have. Lives as long as the pass. */
public interface Buffers {
  /**
   * Zeroed memory.
   *
   * @param size bytes, at least 1
   * @param writable whether the program may write there
   * @throws org.bpfdump.error.ProgramException when the pass has taken too much
   */
  Buffer allocate(int size, boolean writable);

  /**
   * One piece of it.
   *
   * @param address as the program sees it
   * @param bytes its content, shared
   */
  @SuppressWarnings("ArrayRecordComponent") // shared on purpose
  record Buffer(long address, byte[] bytes) {}
}
