// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The checksum of Zstandard frames: xxHash of 64 bits, with seed 0. Source: xxHash's own text. */
final class XxHash64 {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long P1 = 0x9E3779B185EBCA87L;
  private static final long P2 = 0xC2B2AE3D27D4EB4FL;
  private static final long P3 = 0x165667B19E3779F9L;
  private static final long P4 = 0x85EBCA77C2B2AE63L;
  private static final long P5 = 0x27D4EB2F165667C5L;
  private static final int STRIPE = 32;

  private long a = 0x60EA27EEADC0B5D6L; // P1 + P2
  private long b = P2;
  private long c;
  private long d = -P1;
  private final byte[] rest = new byte[STRIPE];
  private int restLength;
  private long total;

  void update(byte[] bytes, int from, int to) {
    int at = from;
    total += to - from;
    if (restLength > 0) {
      int n = Math.min(STRIPE - restLength, to - at);
      System.arraycopy(bytes, at, rest, restLength, n);
      restLength += n;
      at += n;
      if (restLength < STRIPE) {
        return;
      }
      stripe(rest, 0);
      restLength = 0;
    }
    for (; at + STRIPE <= to; at += STRIPE) {
      stripe(bytes, at);
    }
    System.arraycopy(bytes, at, rest, 0, to - at);
    restLength = to - at;
  }

  private void stripe(byte[] bytes, int at) {
    a = round(a, (long) LONG.get(bytes, at));
    b = round(b, (long) LONG.get(bytes, at + 8));
    c = round(c, (long) LONG.get(bytes, at + 16));
    d = round(d, (long) LONG.get(bytes, at + 24));
  }

  long digest() {
    long hash = P5;
    if (total >= STRIPE) {
      hash =
          Long.rotateLeft(a, 1)
              + Long.rotateLeft(b, 7)
              + Long.rotateLeft(c, 12)
              + Long.rotateLeft(d, 18);
      hash = merge(merge(merge(merge(hash, a), b), c), d);
    }
    hash += total;
    int at = 0;
    for (; at + 8 <= restLength; at += 8) {
      hash = Long.rotateLeft(hash ^ round(0, (long) LONG.get(rest, at)), 27) * P1 + P4;
    }
    if (at + 4 <= restLength) {
      long four = 0;
      for (int i = 3; i >= 0; i--) {
        four = (four << 8) | (rest[at + i] & 0xFF);
      }
      hash = Long.rotateLeft(hash ^ (four * P1), 23) * P2 + P3;
      at += 4;
    }
    for (; at < restLength; at++) {
      hash = Long.rotateLeft(hash ^ ((rest[at] & 0xFF) * P5), 11) * P1;
    }
    hash = (hash ^ (hash >>> 33)) * P2;
    hash = (hash ^ (hash >>> 29)) * P3;
    return hash ^ (hash >>> 32);
  }

  private static long round(long sum, long input) {
    return Long.rotateLeft(sum + input * P2, 31) * P1;
  }

  private static long merge(long hash, long sum) {
    return (hash ^ round(0, sum)) * P1 + P4;
  }
}
