// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory.codec;

import java.util.zip.DataFormatException;

/** Reads how often each symbol occurs. Source: RFC 8878, section 4.1.1. */
final class FseHeader {
  private final byte[] in;
  private final int start;
  private final int end;
  private long bit;

  FseHeader(byte[] in, int start, int end) {
    this.in = in;
    this.start = start;
    this.end = end;
  }

  /** The table of at most {@code symbols} symbols and {@code 1 << mostLog} states. */
  FseTable read(int symbols, int mostLog) throws DataFormatException {
    int log = peek(4) + 5;
    bit += 4;
    if (log > mostLog) {
      throw new DataFormatException("a table of symbols is too large");
    }
    int[] counts = new int[symbols];
    int symbol = 0;
    int remaining = 1 << log;
    while (remaining > 0) {
      if (symbol >= symbols) {
        throw new DataFormatException("a table has too many symbols");
      }
      int width = 32 - Integer.numberOfLeadingZeros(remaining + 1);
      int low = (1 << (width - 1)) - 1;
      int threshold = (1 << width) - 1 - (remaining + 1);
      int value = peek(width);
      if ((value & low) < threshold) {
        value &= low;
        bit += width - 1;
      } else {
        value -= value > low ? threshold : 0;
        bit += width;
      }
      int count = value - 1;
      counts[symbol++] = count;
      remaining -= Math.abs(count);
      if (count == 0) {
        int zeros;
        do {
          zeros = peek(2);
          bit += 2;
          symbol += zeros;
        } while (zeros == 3 && symbol < symbols);
      }
    }
    if (remaining != 0 || end() > end) {
      throw new DataFormatException("a table of symbols is broken");
    }
    return FseTable.of(counts, log);
  }

  /** Index of the byte after it. */
  int end() {
    return start + (int) ((bit + 7) >>> 3);
  }

  private int peek(int count) {
    int at = start + (int) (bit >>> 3);
    int bits = 0;
    for (int i = 0; i < 3; i++) {
      bits |= at + i < end ? (in[at + i] & 0xFF) << (8 * i) : 0;
    }
    return (bits >>> (bit & 7)) & ((1 << count) - 1);
  }
}
