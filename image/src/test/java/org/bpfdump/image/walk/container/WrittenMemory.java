// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.container;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.bpfdump.image.memory.PhysicalMemory;
import org.bpfdump.image.memory.VirtualMemory;

/** Memory that a test writes, by virtual address; pages that it does not write are not there. */
final class WrittenMemory implements PhysicalMemory {
  /** Addresses are physical without their upper bits. */
  private static final long PHYSICAL = (1L << 48) - 1;

  private final Map<Long, byte[]> pages = new HashMap<>();

  /** Writes eight bytes within a page. */
  void put(long address, long value) {
    bytes(address).putLong((int) address & (PAGE - 1), value);
  }

  /** Writes one byte. */
  void putByte(long address, int value) {
    bytes(address).put((int) address & (PAGE - 1), (byte) value);
  }

  private ByteBuffer bytes(long address) {
    byte[] page = pages.computeIfAbsent((address & PHYSICAL) >>> PAGE_SHIFT, _ -> new byte[PAGE]);
    return ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A view of it. */
  VirtualMemory view() {
    return new VirtualMemory(this, address -> address & PHYSICAL);
  }

  @Override
  public ByteBuffer page(long frame) {
    byte[] page = pages.get(frame);
    return page == null ? null : PhysicalMemory.wrap(page);
  }

  @Override
  public void close() {}
}
