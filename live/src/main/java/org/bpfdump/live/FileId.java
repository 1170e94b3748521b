// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What tells a file, and so a namespace, from all others while it is there. */
record FileId(long device, long inode) {
  /** That of what a path leads to, through links. */
  static FileId of(Path path) throws IOException {
    Map<String, Object> is = Files.readAttributes(path, "unix:dev,ino");
    return new FileId((Long) is.get("dev"), (Long) is.get("ino"));
  }

  /** The same; empty when it leads nowhere, or where this process may not look. */
  static Optional<FileId> find(Path path) {
    try {
      return Optional.of(of(path));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
