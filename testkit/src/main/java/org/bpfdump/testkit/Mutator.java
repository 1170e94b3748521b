// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.testkit;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Spoils bytes: makes of a good input one that nobody's tool would write. The same seed gives the
 * same sequence of mutants.
 */
public final class Mutator {
  /** Numbers at which sizes and offsets go wrong. */
  private static final long[] EDGES = {
    0,
    1,
    2,
    7,
    8,
    0x7F,
    0x80,
    0xFF,
    0x7FFF,
    0x8000,
    0xFFFF,
    0x10000,
    0xFFFFFF,
    0x1000000,
    0x7FFFFFFFL,
    0x80000000L,
    0xFFFFFFFFL,
    0x100000000L,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1,
    -8
  };

  private final RandomGenerator random;

  /** Starts the sequence of this seed. */
  public Mutator(long seed) {
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  /** A number from 0 to {@code bound} - 1. */
  public int pick(int bound) {
    return random.nextInt(bound);
  }

  /** The bytes with one to six changes; they may become fewer or more. */
  public byte[] mutate(byte[] good) {
    byte[] bytes = good.clone();
    for (int changes = 1 + random.nextInt(6); changes > 0 && bytes.length > 0; changes--) {
      bytes = change(bytes);
    }
    return bytes;
  }

  private byte[] change(byte[] bytes) {
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(9)) {
      case 0, 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 2 -> bytes[at] = (byte) random.nextInt();
      case 3, 4 -> number(bytes, at, EDGES[random.nextInt(EDGES.length)]);
      case 5 -> number(bytes, at, random.nextInt(2 * bytes.length));
      case 6 -> {
        int from = random.nextInt(bytes.length);
        int room = bytes.length - Math.max(at, from);
        System.arraycopy(bytes, from, bytes, at, random.nextInt(Math.min(room, 64) + 1));
      }
      case 7 ->
          Arrays.fill(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(32)), (byte) 0);
      default -> {
        if (random.nextInt(4) == 0) {
          return Arrays.copyOf(bytes, at);
        }
        int gone = Math.min(bytes.length - at, 1 + random.nextInt(24));
        byte[] shorter = Arrays.copyOf(bytes, bytes.length - gone);
        System.arraycopy(bytes, at + gone, shorter, at, bytes.length - at - gone);
        return shorter;
      }
    }
    return bytes;
  }

  /** Puts a number of 1, 2, 4 or 8 bytes at a multiple of its size, in either byte order. */
  private void number(byte[] bytes, int near, long number) {
    int size = 1 << random.nextInt(4);
    int at = near / size * size;
    boolean big = random.nextInt(8) == 0;
    for (int i = 0; i < size && at + i < bytes.length; i++) {
      bytes[at + i] = (byte) (number >>> (8 * (big ? size - 1 - i : i)));
    }
  }
}
