// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.testkit;

import java.nio.file.Files;
import java.nio.file.Path;

/** The checkout that tests run in. */
public final class Project {
  private Project() {}

  /** Its root directory. */
  public static Path root() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve("testkit")) && Files.isDirectory(at.resolve("examples"))) {
        return at;
      }
    }
    throw new AssertionError("not inside a checkout of bpfdump: " + Path.of("").toAbsolutePath());
  }

  /** The object of an example, by the name of its source without {@code .bpf.c}. */
  public static Path example(String name) {
    return root().resolve("examples").resolve(name + ".bpf.o");
  }

  /** The directory of fixtures. */
  public static Path fixtures() {
    return root().resolve("testkit/src/main/resources/fixtures");
  }
}
