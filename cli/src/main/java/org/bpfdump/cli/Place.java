// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * Where an installation is. Paths are as they will be found; {@link #now} says where they are until
 * a packager has moved them.
 *
 * @param prefix absolute and normal
 * @param destination what comes before every path for now; the root for nothing
 */
record Place(Path prefix, Path destination) {
  static final List<Option> OPTIONS =
      List.of(
          Option.value("--prefix", "DIR", "below which directory: /usr/local unless told"),
          Option.value("--destdir", "DIR", "a package's root: goes before every path, for now"));

  /** Where mount(8) may look for its helper. */
  static final List<Path> HELPERS =
      List.of(Path.of("/sbin/mount.bpfdump"), Path.of("/usr/sbin/mount.bpfdump"));

  private static final Path ROOT = Path.of("/");

  static Place of(Arguments arguments, Path usual) {
    String destdir = arguments.value("--destdir");
    Path destination =
        destdir == null || destdir.isEmpty() ? ROOT : path(arguments, "--destdir").toAbsolutePath();
    Path prefix = arguments.has("--prefix") ? path(arguments, "--prefix") : usual;
    if (!prefix.isAbsolute() || prefix.toString().indexOf('\n') >= 0) {
      throw arguments.wrong("--prefix takes an absolute path, not " + prefix);
    }
    return new Place(prefix.normalize(), destination.normalize());
  }

  private static Path path(Arguments arguments, String option) {
    try {
      return Path.of(arguments.value(option));
    } catch (InvalidPathException e) {
      throw arguments.wrong(option + ": not a path: " + e.getMessage());
    }
  }

  /** What is bpfdump's alone. */
  Path home() {
    return prefix.resolve("lib/bpfdump");
  }

  Path command() {
    return prefix.resolve("bin/bpfdump");
  }

  boolean staged() {
    return !destination.equals(ROOT);
  }

  /** Where a path is now. */
  Path now(Path path) {
    return destination.resolve(ROOT.relativize(path));
  }

  /** Where mount(8) looks, in a tree where {@code /sbin} may be one with {@code /usr/sbin}. */
  Path helper() {
    Path sbin = now(Path.of("/sbin"));
    if (!Files.exists(sbin, LinkOption.NOFOLLOW_LINKS)) {
      sbin = Path.of("/sbin"); // a package for machines like this one
    }
    return HELPERS.get(Files.isSymbolicLink(sbin) ? 1 : 0);
  }
}
