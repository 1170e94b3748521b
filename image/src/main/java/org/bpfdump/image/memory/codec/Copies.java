// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory.codec;

import java.util.Arrays;
import java.util.zip.DataFormatException;

/** The two steps that all formats of this family unpack by, checked. */
final class Copies {
  private Copies() {}

  /** Appends bytes of the input, which has them. */
  static void literals(byte[] in, int from, byte[] out, int at, int count)
      throws DataFormatException {
    if (count > out.length - at) {
      throw new DataFormatException("unpacks to more than " + out.length + " bytes");
    }
    System.arraycopy(in, from, out, at, count);
  }

  /**
   * Appends bytes that were written before, or just now by this.
   *
   * @param first index of the first byte that may be used
   */
  static void match(byte[] out, int at, int distance, int count, int first)
      throws DataFormatException {
    if (distance <= 0 || distance > at - first) {
      throw new DataFormatException("refers to bytes before its first");
    }
    if (count > out.length - at) {
      throw new DataFormatException("unpacks to more than " + out.length + " bytes");
    }
    int from = at - distance;
    if (distance >= count) {
      System.arraycopy(out, from, out, at, count);
    } else if (distance == 1) {
      Arrays.fill(out, at, at + count, out[from]);
    } else {
      for (int i = 0; i < count; i++) {
        out[at + i] = out[from + i];
      }
    }
  }
}
