// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.bpfdump.error.RequestException;

/** Where a tree of dumpers is shown, and where it can be. */
final class MountPlaces {
  private static final String DELETED = "//deleted"; // how mountinfo marks a removed directory

  private final Path root;

  MountPlaces(Path root) {
    this.root = root;
  }

  /** Whether the tree is shown at a directory, which must be fit for it. */
  boolean showsAlready(Path at, MountOptions options) {
    if (isRoot(at)) {
      Mount mount = Mount.of(at);
      if (mount.readOnly() != options.readOnly()) {
        throw new RequestException(
            at
                + " shows the tree of dumpers already, but "
                + (mount.readOnly() ? "read-only" : "read-write")
                + ": change that (-o remount,ro or remount,rw), or unmount it first");
      }
      return true;
    }
    for (Path above = at.getParent(); above != null; above = above.getParent()) {
      if (isRoot(above)) {
        throw new RequestException(
            "cannot mount the tree of dumpers at "
                + at
                + ", which is inside the tree; choose a directory elsewhere");
      }
    }
    Optional<FileId> id = FileId.find(at);
    for (Path above = root.getParent(); above != null; above = above.getParent()) {
      if (id.isPresent() && id.equals(FileId.find(above))) {
        throw new RequestException(
            "cannot mount the tree of dumpers at "
                + at
                + ", which holds the tree: it would hide it; choose a directory elsewhere");
      }
    }
    return false;
  }

  /** Whether a directory is the tree's own, by whatever path. */
  boolean isRoot(Path directory) {
    Optional<FileId> id = FileId.find(root);
    return id.isPresent() && id.equals(FileId.find(directory));
  }

  /** Whether there is a tree at its home. */
  boolean isThere() {
    try {
      FileId.of(root);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new RequestException("cannot look at " + root + ": " + DumperTree.reason(e));
    }
  }

  /**
   * A directory by its path without links.
   *
   * @param verb what is to be done there, for the message if there is none
   * @param remedy what to do then
   */
  static Path directory(Path dir, String verb, String remedy) {
    Path at;
    try {
      at = dir.toRealPath();
    } catch (NoSuchFileException e) {
      throw new RequestException(
          "cannot " + verb + " " + dir + ": there is no such directory" + remedy);
    } catch (IOException e) {
      throw new RequestException("cannot " + verb + " " + dir + ": " + DumperTree.reason(e));
    }
    if (!Files.isDirectory(at)) {
      throw new RequestException("cannot " + verb + " " + dir + ": it is no directory");
    }
    return at;
  }

  /** The mount of the tree at a directory; what else it is, is said. */
  Mount requireMount(Path at) {
    Mount mount = Mount.at(at);
    if (at.equals(root)) {
      throw new RequestException(
          at + " is where the tree of dumpers lives, not a mount of it; --purge removes it");
    }
    if (mount == null) {
      throw new RequestException(
          at
              + " is no mount: it is a directory of the "
              + Mount.of(at).type()
              + " mounted at "
              + Mount.of(at).at());
    }
    if (!isTree(mount)) {
      throw new RequestException(
          at
              + " is not a mount of the tree of dumpers: it shows "
              + mount.root()
              + " of a "
              + mount.type()
              + "; use umount(8)");
    }
    return mount;
  }

  /** Whether a mount shows a tree that was removed. */
  boolean isDead(Mount mount) {
    return isTree(mount) && mount.root().endsWith(DELETED);
  }

  /** Whether a mount shows this tree, or one that was at its home before. */
  boolean isTree(Mount mount) {
    String name = mount.root();
    if (name.endsWith(DELETED)) {
      name = name.substring(0, name.length() - DELETED.length());
    }
    return mount.isBpf() && (isRoot(mount.at()) || name.endsWith("/" + root.getFileName()));
  }
}
