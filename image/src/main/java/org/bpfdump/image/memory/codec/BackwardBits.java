// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.DataFormatException;

/**
 * A stream of bits that is read from its end: the last byte's highest set bit only marks where it
 * starts. Bits before the first are zeros; whoever reads looks at {@link #left} in the end.
 */
final class BackwardBits {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] in;
  private final int start;
  private long left;

  BackwardBits(byte[] in, int start, int end) throws DataFormatException {
    if (end <= start || in[end - 1] == 0) {
      throw new DataFormatException("a stream of bits has no end");
    }
    this.in = in;
    this.start = start;
    this.left = 8L * (end - start) - (Integer.numberOfLeadingZeros(in[end - 1] & 0xFF) - 23);
  }

  /** How many bits are left; negative when more were read than there were. */
  long left() {
    return left;
  }

  /** The next bits, of which none is taken away; at most 56. */
  long peek(int count) {
    long from = left - count;
    if (from < 0) {
      return left <= 0 ? 0 : peekAt(0, (int) left) << -from;
    }
    return peekAt(from, count);
  }

  private long peekAt(long from, int count) {
    return (load(start + (int) (from >>> 3)) >>> (from & 7)) & ((1L << count) - 1);
  }

  private long load(int index) {
    if (index <= in.length - Long.BYTES) {
      return (long) LONG.get(in, index);
    }
    long bytes = 0;
    for (int i = in.length - 1; i >= index; i--) {
      bytes = (bytes << 8) | (in[i] & 0xFF);
    }
    return bytes;
  }

  /** Takes bits away. */
  void skip(int count) {
    left -= count;
  }

  /** Takes the next bits; at most 56. */
  int read(int count) {
    long bits = peek(count);
    left -= count;
    return (int) bits;
  }
}
