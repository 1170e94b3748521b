// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The kernel's hash of bytes: Bob Jenkins's lookup3, of 2006, which is in the public domain. On
 * little-endian machines its form for words gives the same. Source: include/linux/jhash.h.
 */
final class Jhash {
  private static final int SEED = 0xdeadbeef;
  private static final int BLOCK = 12;

  private Jhash() {}

  /** The hash of the first {@code length} bytes of a key. */
  static int of(byte[] key, int length, int seed) {
    int a = SEED + length + seed;
    int b = a;
    int c = a;
    ByteBuffer words = ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    for (; length - at > BLOCK; at += BLOCK) {
      a += words.getInt(at);
      b += words.getInt(at + 4);
      c += words.getInt(at + 8);
      a = (a - c) ^ Integer.rotateLeft(c, 4);
      c += b;
      b = (b - a) ^ Integer.rotateLeft(a, 6);
      a += c;
      c = (c - b) ^ Integer.rotateLeft(b, 8);
      b += a;
      a = (a - c) ^ Integer.rotateLeft(c, 16);
      c += b;
      b = (b - a) ^ Integer.rotateLeft(a, 19);
      a += c;
      c = (c - b) ^ Integer.rotateLeft(b, 4);
      b += a;
    }
    if (at == length) {
      return c;
    }
    ByteBuffer rest = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    rest.put(0, key, at, length - at);
    a += rest.getInt(0);
    b += rest.getInt(4);
    c += rest.getInt(8);
    c = (c ^ b) - Integer.rotateLeft(b, 14);
    a = (a ^ c) - Integer.rotateLeft(c, 11);
    b = (b ^ a) - Integer.rotateLeft(a, 25);
    c = (c ^ b) - Integer.rotateLeft(b, 16);
    a = (a ^ c) - Integer.rotateLeft(c, 4);
    b = (b ^ a) - Integer.rotateLeft(a, 14);
    return (c ^ b) - Integer.rotateLeft(b, 24);
  }
}
