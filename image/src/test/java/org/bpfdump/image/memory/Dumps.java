// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.bpfdump.image.ImageSource;

/** Opens dumps that a test has written. */
final class Dumps {
  private Dumps() {}

  /** The files of these contents, which are gone from the directory when it is opened. */
  static DumpFile open(Path directory, byte[]... files) throws IOException {
    List<Path> paths = new ArrayList<>();
    for (byte[] file : files) {
      paths.add(Files.write(directory.resolve("dump" + paths.size()), file));
    }
    return DumpFile.open(paths, ImageSource.Progress.NONE);
  }

  /** A page as bytes; null when it is absent. */
  static byte[] page(DumpFile file, long frame) {
    ByteBuffer page = file.memory().page(frame);
    return page == null ? null : bytes(page);
  }

  /** The bytes of a page. */
  static byte[] bytes(ByteBuffer page) {
    byte[] bytes = new byte[PhysicalMemory.PAGE];
    page.get(0, bytes);
    return bytes;
  }

  /** The file has these pages, and no other. */
  static void assertHas(DumpFile file, SortedMap<Long, byte[]> pages) {
    long end = pages.lastKey() + 1;
    for (long frame = 0; frame < end + 40; frame++) {
      assertThat(page(file, frame)).as("frame %d", frame).isEqualTo(pages.get(frame));
    }
    assertThat(file.coverage().present()).isEqualTo(pages.size());
    assertThat(file.coverage().end()).isEqualTo(end);
    for (long frame : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40, 1L << 52}) {
      assertThat(file.memory().page(frame)).isNull();
    }
  }
}
