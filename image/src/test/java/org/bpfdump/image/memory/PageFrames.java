// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.bpfdump.error.MalformedException;

/** Physical memory that a test writes. */
final class PageFrames implements PhysicalMemory {
  private final Map<Long, ByteBuffer> pages = new HashMap<>();
  private long broken = -1;

  /** The page at a physical address, which is there from now on. */
  ByteBuffer at(long physical) {
    return pages.computeIfAbsent(
        physical >>> PAGE_SHIFT, _ -> ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN));
  }

  /** Writes an entry of a table. */
  void entry(long table, int index, long value) {
    at(table).putLong(8 * index, value);
  }

  /** Makes the file's record of a page unreadable. */
  void spoil(long physical) {
    broken = physical >>> PAGE_SHIFT;
  }

  @Override
  public ByteBuffer page(long frame) {
    if (frame == broken) {
      throw new MalformedException("a page that does not unpack", 0);
    }
    return pages.get(frame);
  }

  @Override
  public void close() {
    pages.clear();
  }
}
