// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.SyscallException;

/**
 * Removes the dumpers and the directories of a tree, and nothing else. A directory that others may
 * change is not entered: what is in it could be exchanged for a link to elsewhere.
 */
final class TreePurge {
  private static final int TYPE = 0xF000; // S_IFMT
  private static final int DIRECTORY = 0x4000;
  private static final int FILE = 0x8000;

  private final Pins pins;
  private final Set<Path> mounted = new HashSet<>();
  private final List<String> left = new ArrayList<>();

  TreePurge(Pins pins) {
    this.pins = pins;
    for (Mount mount : Mount.all()) {
      mounted.add(mount.at());
    }
  }

  /**
   * Removes what is in a directory, and the directory unless it is where something is mounted.
   *
   * @return a message for each thing that is still there
   */
  List<String> purge(Path tree) {
    empty(tree);
    if (left.isEmpty() && !mounted.contains(tree)) {
      delete(tree);
    }
    return left;
  }

  private void empty(Path directory) {
    try {
      if (!TreeDirectories.isThere(directory)) {
        return;
      }
    } catch (RequestException e) {
      left.add("not removed: " + e.getMessage());
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        remove(entry);
      }
    } catch (NoSuchFileException e) {
      // removed by somebody else
    } catch (DirectoryIteratorException e) {
      keep(directory, DumperTree.reason(e.getCause()));
    } catch (IOException e) {
      keep(directory, DumperTree.reason(e));
    }
  }

  private void remove(Path entry) throws IOException {
    int mode;
    try {
      mode = (int) Files.getAttribute(entry, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return;
    }
    if (mounted.contains(entry)) {
      keep(entry, "something is mounted there");
    } else if ((mode & TYPE) == DIRECTORY) {
      int before = left.size();
      empty(entry);
      if (left.size() == before) {
        delete(entry);
      }
    } else if ((mode & TYPE) == FILE) {
      removeFile(entry);
    } else {
      keep(entry, "it is no dumper");
    }
  }

  private void removeFile(Path file) {
    try {
      if (pins.dumper(file).isPresent()) {
        delete(file);
      } else if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        keep(file, "it is no dumper");
      }
    } catch (SyscallException e) {
      keep(file, e.getMessage());
    }
  }

  private void delete(Path path) {
    try {
      Files.delete(path);
    } catch (NoSuchFileException e) {
      // removed by somebody else
    } catch (DirectoryNotEmptyException e) {
      keep(path, "somebody put something into it at the same time");
    } catch (IOException e) {
      keep(path, DumperTree.reason(e));
    }
  }

  private void keep(Path path, String why) {
    left.add("cannot remove " + path + ": " + why);
  }
}
