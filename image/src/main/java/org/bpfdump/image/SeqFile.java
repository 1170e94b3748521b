// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bpfdump.image.vm.SeqBuffer;

/**
 * What a program has written and nobody has read yet. As the kernel's, it counts as overflowed when
 * no byte of it is free: 32767 bytes fit. Source: {@code seq_write} in fs/seq_file.c, {@code
 * bpf_seq_read} in kernel/bpf/bpf_iter.c.
 */
final class SeqFile implements SeqBuffer {
  /** {@code PAGE_SIZE << 3}. */
  static final int SIZE = 8 * 4096;

  private final byte[] bytes = new byte[SIZE];
  private int count;
  private int from;

  @Override
  public boolean write(byte[] source, int offset, int length) {
    if (length >= SIZE - count) {
      count = SIZE;
      return false;
    }
    System.arraycopy(source, offset, bytes, count, length);
    count += length;
    return true;
  }

  @Override
  public boolean overflowed() {
    return count == SIZE;
  }

  /** How much has been written, of what was not read when the last reading began. */
  int count() {
    return count;
  }

  /** Takes back what was written after that. */
  void rollBack(int to) {
    count = to;
  }

  /** Whether there is something that can be read at once. */
  boolean hasUnread() {
    return from < count;
  }

  /** Gives what there is, as far as there is room for it; starts over when all has been read. */
  int read(MemorySegment into) {
    int n = (int) Math.min(count - from, into.byteSize());
    MemorySegment.copy(bytes, from, into, ValueLayout.JAVA_BYTE, 0, n);
    from += n;
    if (from == count) {
      from = 0;
      count = 0;
    }
    return n;
  }
}
