// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.container;

import org.bpfdump.image.memory.VirtualMemory;

/**
 * Goes along objects of which each knows the next one and none the one before: it ends at a null
 * pointer or an odd one. Loops are found by what has been passed.
 */
public final class ForwardCursor {
  /** Objects of one list; more than a kernel puts in one. */
  private static final int MOST = 1 << 20;

  private final VirtualMemory memory;
  private final int link;
  private final String word;
  private final AddressSet passed = new AddressSet();
  private long first;
  private long last;
  private boolean started;

  /**
   * At the end of no list.
   *
   * @param link where in an object the address of the next one is
   * @param word what the list is called in notes
   */
  public ForwardCursor(VirtualMemory memory, int link, String word) {
    this.memory = memory;
    this.link = link;
    this.word = word;
  }

  /**
   * Goes to the start of a list.
   *
   * @param object the address of its first object; none when it is 0 or odd
   */
  public void start(long object) {
    first = object;
    last = 0;
    started = false;
    passed.clear();
  }

  /**
   * Goes to the next object.
   *
   * @return its address; 0 at the end, and ever after
   * @throws org.bpfdump.error.MemoryFaultException when the list leads out of memory
   * @throws BrokenException when it loops, or leads to what cannot be an object
   */
  public long next() {
    if (started && last == 0) {
      return 0;
    }
    long from = last;
    last = 0; // the end, if what follows throws
    long object = started ? memory.u64(from + link) : first;
    started = true;
    if (object == 0 || (object & 1) != 0) {
      return 0;
    }
    if ((object & 7) != 0) {
      throw new BrokenException(word, first, "leads to 0x" + Long.toHexString(object));
    }
    if (!passed.add(object)) {
      throw new BrokenException(word, first, "loops");
    }
    if (passed.size() > MOST) {
      throw new BrokenException(word, first, "does not end");
    }
    last = object;
    return object;
  }
}
