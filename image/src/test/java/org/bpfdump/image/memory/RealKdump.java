// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.util.SortedMap;
import java.util.TreeMap;

/** A real image as a kdump-compressed file. */
public final class RealKdump {
  private RealKdump() {}

  /** All pages of an image, packed with zstd, and its VMCOREINFO. */
  public static byte[] zstd(DumpFile image) {
    return of(image, KdumpMember.ZSTD);
  }

  /** The same, packed with Snappy. */
  public static byte[] snappy(DumpFile image) {
    return of(image, KdumpMember.SNAPPY);
  }

  private static byte[] of(DumpFile image, int flag) {
    SortedMap<Long, byte[]> pages = new TreeMap<>();
    long end = image.coverage().end();
    for (long frame = 0; frame < end; frame++) {
      byte[] page = Dumps.page(image, frame);
      if (page != null) {
        pages.put(frame, page);
      }
    }
    return new KdumpWriter(pages, end)
        .packedBy(flag)
        .vmcoreinfo(image.vmcoreinfo().orElseThrow())
        .write();
  }
}
