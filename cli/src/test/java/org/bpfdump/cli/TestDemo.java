// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bpfdump.image.ImageKernel;

/** The demo image as a file. */
final class TestDemo {
  private TestDemo() {}

  /** A copy in a directory. */
  static Path file(Path dir) throws IOException {
    Path file = dir.resolve("demo.elf.zst");
    try (InputStream in = ImageKernel.class.getResourceAsStream("demo.elf.zst")) {
      Files.copy(in, file);
    }
    return file;
  }
}
