// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an installation has put where, outside of what is its alone. The file is what {@code
 * sha256sum -c} checks in the prefix. It may say anything: nothing is taken from it that an
 * installation could not have put there.
 *
 * @param files what each file may hold, by SHA-256; two while one is being replaced
 * @param made directories that were not there before
 * @param strange lines that are not believed
 */
record Manifest(Map<Path, Set<String>> files, Set<Path> made, List<String> strange) {
  static final String NAME = "manifest";

  private static final int HASH = 64;
  private static final long MOST = 1 << 20;
  private static final String MADE = "# made ";
  private static final String PREFIX = "# prefix ";

  static Manifest empty() {
    return new Manifest(new LinkedHashMap<>(), new TreeSet<>(), new ArrayList<>());
  }

  /** The one of an installation; null where none is. */
  static Manifest read(Place place) throws IOException {
    Path file = place.now(place.home().resolve(NAME));
    try {
      if (Files.size(file) > MOST) {
        throw new InstallException("cannot use " + file + ": no manifest is as large; remove it");
      }
      return parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8), place);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  static Manifest parse(String text, Place place) {
    Manifest manifest = empty();
    boolean moved = false;
    for (String line : text.split("\n")) {
      if (line.startsWith(PREFIX)) {
        moved = !line.substring(PREFIX.length()).equals(place.prefix().toString());
      } else if (line.startsWith(MADE)) {
        Path path = path(line.substring(MADE.length()), place.prefix());
        if (path == null || !around(path, place) || (moved && !path.startsWith(place.prefix()))) {
          manifest.strange.add(line);
        } else {
          manifest.made.add(path);
        }
      } else if (!line.startsWith("#")) {
        boolean entry = line.length() > HASH + 2 && line.startsWith("  ", HASH);
        Path path = entry ? path(line.substring(HASH + 2), place.prefix()) : null;
        if (path == null || !ours(path, place) || (moved && Place.HELPERS.contains(path))) {
          manifest.strange.add(line);
        } else {
          manifest.add(path, line.substring(0, HASH));
        }
      }
    }
    return manifest;
  }

  private static Path path(String text, Path prefix) {
    try {
      Path path = prefix.resolve(text);
      Path normal = path.normalize();
      return path.equals(normal) || text.equals(".") ? normal : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private static boolean ours(Path path, Place place) {
    return Place.HELPERS.contains(path)
        || (path.startsWith(place.prefix())
            && !path.startsWith(place.home())
            && path.getFileName() != null
            && path.getFileName().toString().contains("bpfdump"));
  }

  /** Whether a directory may have been made for an installation. */
  private static boolean around(Path path, Place place) {
    return path.startsWith(place.prefix())
        || place.prefix().startsWith(path)
        || Place.HELPERS.get(0).startsWith(path)
        || Place.HELPERS.get(1).startsWith(path);
  }

  void add(Path file, String hash) {
    files.computeIfAbsent(file, _ -> new LinkedHashSet<>()).add(hash);
  }

  /** Adds what another has. */
  void addAll(Manifest other) {
    other.files.forEach((file, hashes) -> hashes.forEach(hash -> add(file, hash)));
    made.addAll(other.made);
  }

  /** Its text: as it was at every install, if that put the same. */
  String text(Path prefix) {
    StringBuilder text = new StringBuilder("# What bpfdump install has put here.\n");
    text.append(PREFIX).append(prefix).append('\n');
    for (Path directory : made) {
      String path = relative(directory, prefix);
      text.append(MADE).append(path.isEmpty() ? "." : path).append('\n');
    }
    files.forEach((file, hashes) ->
        hashes.forEach(hash -> text.append(hash + "  " + relative(file, prefix)).append('\n')));
    return text.toString();
  }

  private static String relative(Path path, Path prefix) {
    return (path.startsWith(prefix) ? prefix.relativize(path) : path).toString();
  }

  static String hash(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
