// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bpfdump.image.ImageSource;
import org.bpfdump.image.TestImages;

/** Some pages of a real image, by frame, to write dumps of. */
final class SamplePages {
  static final byte[] VMCOREINFO =
      "OSRELEASE=6.1.0\nPAGESIZE=4096\n".getBytes(StandardCharsets.UTF_8);

  private SamplePages() {}

  /** At most {@code count} of them, in runs of four, and two of zeros. */
  static SortedMap<Long, byte[]> some(int count) throws IOException {
    SortedMap<Long, byte[]> pages = new TreeMap<>();
    try (DumpFile file =
        DumpFile.open(List.of(TestImages.file("6.1")), ImageSource.Progress.NONE)) {
      long step = 4 * 32_000L / count;
      for (long frame = 0; frame < 32_000; frame++) {
        if (frame % step < 4 && file.memory().page(frame) != null) {
          pages.put(frame, Dumps.page(file, frame));
        }
      }
    }
    pages.put(31_999L, new byte[PhysicalMemory.PAGE]);
    pages.put(32_001L, new byte[PhysicalMemory.PAGE]);
    return pages;
  }
}
