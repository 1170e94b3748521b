// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bpfdump.image.ImageSource;
import org.bpfdump.image.memory.DumpFile;

/** Opens kernels. */
public final class Snapshots {
  private Snapshots() {}

  /**
   * Opens the kernel of a dump in one file, which has its own symbols.
   *
   * @throws IOException when the file cannot be read
   */
  public static Snapshot open(Path file) throws IOException {
    return open(DumpFile.open(List.of(file), ImageSource.Progress.NONE), Optional.empty());
  }

  /**
   * Opens the kernel of a dump, and closes the dump when that fails.
   *
   * @param symbols a System.map or vmlinux of the same kernel, for a dump that has no symbols
   * @throws IOException when the file of symbols cannot be read
   * @throws org.bpfdump.error.BpfdumpException when the dump has no kernel that can be read
   */
  public static Snapshot open(DumpFile file, Optional<Path> symbols) throws IOException {
    boolean opened = false;
    try {
      Snapshot snapshot = KernelSnapshot.open(file, symbols);
      opened = true;
      return snapshot;
    } finally {
      if (!opened) {
        file.close();
      }
    }
  }
}
