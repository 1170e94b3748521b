// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.bpfdump.error.RequestException;

/**
 * What a dumper is called by: its path inside the tree, or one that leads there through any mount
 * of the tree.
 *
 * @param through the directory that shows the tree there; its home for names that are no such path
 * @param inside the rest of the path
 */
record TreeName(Path through, String inside) {
  /**
   * Reads a name.
   *
   * @throws RequestException when it is a path that leads elsewhere
   */
  static TreeName of(Path root, String name) {
    if (!name.startsWith("/")) {
      return new TreeName(root, name);
    }
    String prefix = root + "/";
    if (name.startsWith(prefix)) {
      return new TreeName(root, name.substring(prefix.length()));
    }
    Optional<FileId> tree = name.indexOf('\0') < 0 ? FileId.find(root) : Optional.empty();
    if (tree.isPresent()) {
      // Links and ".." on the way are the system's to follow; what comes after is ours to judge.
      for (int end = name.lastIndexOf('/'); end > 0; end = name.lastIndexOf('/', end - 1)) {
        Path directory = Path.of(name.substring(0, end));
        if (FileId.find(directory).equals(tree)) {
          return new TreeName(directory, name.substring(end + 1));
        }
      }
    }
    throw new RequestException(name + " is not in the tree of dumpers, " + root);
  }

  /**
   * For what would change the tree: that a name does not lead through a mount that forbids it.
   *
   * @param verb what would be done, {@code remove}
   */
  void requireWritable(Path root, String verb) {
    if (through.equals(root)) {
      return; // the system says it
    }
    try {
      if (Mount.of(through.toRealPath()).readOnly()) {
        throw new RequestException(
            "cannot "
                + verb
                + " "
                + inside
                + ": "
                + through
                + " is mounted read-only; name it "
                + root.resolve(inside));
      }
    } catch (IOException e) {
      throw new RequestException("cannot look at " + through + ": " + DumperTree.reason(e));
    }
  }
}
