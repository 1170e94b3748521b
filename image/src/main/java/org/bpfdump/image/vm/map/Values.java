// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.map;

import java.util.concurrent.atomic.AtomicLong;
import org.bpfdump.error.ProgramException;

/**
 * Slots of one size, in blocks that are made when they are first used. What is used by several
 * threads at once is as torn as on a machine with several CPUs.
 */
final class Values {
  /** What all maps of a program may take together. */
  private static final long MOST = 256L << 20;

  /** Bytes of a block, where a slot is smaller. */
  private static final int BLOCK = 1 << 20;

  private final int size;
  private final int slots;
  private final int shift;
  private final byte[][] blocks;
  private final AtomicLong taken;

  /**
   * Slots.
   *
   * @param size of each, in bytes
   * @param taken what the program's maps take already
   * @throws ProgramException when one slot alone is too much
   */
  Values(long size, long slots, AtomicLong taken) {
    if (size <= 0 || size > MOST || slots > Integer.MAX_VALUE) {
      throw tooMuch();
    }
    this.size = (int) size;
    this.slots = (int) Math.max(1, slots);
    int most = (int) Math.max(1, BLOCK / size);
    shift = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(most);
    long count = (this.slots + (1L << shift) - 1) >>> shift;
    if (count > MOST / BLOCK * 16) {
      throw tooMuch();
    }
    blocks = new byte[(int) count][];
    this.taken = taken;
  }

  private static ProgramException tooMuch() {
    return new ProgramException("the program's maps take more than " + (MOST >> 20) + " MiB");
  }

  int blocks() {
    return blocks.length;
  }

  int block(int slot) {
    return slot >>> shift;
  }

  int offset(int slot) {
    return (slot - (slot >>> shift << shift)) * size;
  }

  /** The bytes of a block, which is made if there is none yet. */
  byte[] bytes(int block) {
    byte[] bytes = blocks[block];
    return bytes == null ? make(block) : bytes;
  }

  private synchronized byte[] make(int block) {
    if (blocks[block] == null) {
      long first = (long) block << shift;
      long length = Math.min(1L << shift, slots - first) * size;
      if (taken.addAndGet(length) > MOST) {
        taken.addAndGet(-length);
        throw tooMuch();
      }
      blocks[block] = new byte[(int) length];
    }
    return blocks[block];
  }
}
