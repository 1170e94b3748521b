// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.util.SortedMap;
import java.util.TreeMap;

/** A real image as a kdump-compressed file. */
public final class RealKdump {
  /** Where its data begin that say where everything else is: headers, bitmaps, descriptors. */
  public static final int HEADERS = 2 * PhysicalMemory.PAGE;

  private RealKdump() {}

  /** All pages of an image, packed with zstd, and its VMCOREINFO. */
  public static byte[] of(DumpFile image) {
    SortedMap<Long, byte[]> pages = new TreeMap<>();
    long end = image.coverage().end();
    for (long frame = 0; frame < end; frame++) {
      byte[] page = Dumps.page(image, frame);
      if (page != null) {
        pages.put(frame, page);
      }
    }
    return new KdumpWriter(pages, end)
        .packedBy(KdumpMember.ZSTD)
        .vmcoreinfo(image.vmcoreinfo().orElseThrow())
        .write();
  }
}
