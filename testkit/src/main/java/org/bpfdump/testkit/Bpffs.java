// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A bpffs at the usual place for as long as this is open; mounted and unmounted where none was. */
public final class Bpffs implements AutoCloseable {
  /** The usual place. */
  public static final Path ROOT = Path.of("/sys/fs/bpf");

  private final boolean mounted;

  private Bpffs(boolean mounted) {
    this.mounted = mounted;
  }

  /** Makes sure that there is one. */
  public static Bpffs open() {
    try {
      if (Files.getFileStore(ROOT).type().equals("bpf")) {
        return new Bpffs(false);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Exec.of("mount", "-t", "bpf", "bpf", ROOT.toString()).run().ok();
    return new Bpffs(true);
  }

  @Override
  public void close() {
    if (mounted) {
      Exec.of("umount", ROOT.toString()).run().ok();
    }
  }
}
