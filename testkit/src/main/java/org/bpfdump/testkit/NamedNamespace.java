// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A name in {@code /run/netns} for a network namespace, which it keeps; both go with it. */
public final class NamedNamespace implements AutoCloseable {
  private static final Path NAMES = Path.of("/run/netns");

  private final boolean first;
  private final Path path;

  /** Names a namespace as {@code ip netns attach} does. */
  public NamedNamespace(String name, NetworkNamespace namespace) {
    first = !Files.exists(NAMES);
    path = NAMES.resolve(name);
    try {
      Files.createDirectories(NAMES);
      Files.createFile(path);
      Exec.of("mount", "--bind", namespace.path().toString(), path.toString()).run().ok();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The file that is the namespace. */
  public Path path() {
    return path;
  }

  @Override
  public void close() {
    Exec.of("umount", path.toString()).run().ok();
    try {
      Files.delete(path);
      if (first) {
        Files.delete(NAMES);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
