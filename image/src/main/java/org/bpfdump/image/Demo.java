// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.bpfdump.error.RequestException;

/** The image that is among this module's resources. */
final class Demo {
  private static final String RESOURCE = "demo.elf.zst";

  private Demo() {}

  /** A copy among the temporary files, which goes with the JVM if not before. */
  static Path extract() {
    try (InputStream in = Demo.class.getResourceAsStream(RESOURCE)) {
      Path file = Files.createTempFile("bpfdump-demo-", ".elf.zst");
      file.toFile().deleteOnExit();
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      return file;
    } catch (IOException e) {
      throw new RequestException(
          "cannot unpack the demo image: " + e + "; make room in the temporary directory");
    }
  }
}
