// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.error.UnsupportedException;

/**
 * One line of {@code /proc/self/mountinfo}: a file system as this process sees it.
 *
 * @param device its device number as {@code stat} gives it
 * @param root which directory of the file system it shows: {@code /} for all of it
 * @param at where it is mounted
 * @param readOnly whether this mount of it, or all of it, is read-only
 * @param type {@code bpf}
 * @param source what is mounted, in words of who mounted it
 */
record Mount(long device, String root, Path at, boolean readOnly, String type, String source) {
  static final String BPF = "bpf";

  private static final Path LIST = Path.of("/proc/self/mountinfo");

  boolean isBpf() {
    return type.equals(BPF);
  }

  /** The path in the file system of what is at a path below this mount. */
  String pathOf(Path path) {
    String rest = at.relativize(path).toString();
    return rest.isEmpty() ? root : root.equals("/") ? "/" + rest : root + "/" + rest;
  }

  /** All that there are; of those at one place the last is on top. */
  static List<Mount> all() {
    try {
      return parse(Files.readString(LIST, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UnsupportedException("cannot read " + LIST + ": " + e + "; mount /proc");
    }
  }

  /** The one that a path leads into. */
  static Mount of(Path path) {
    Mount found = null;
    for (Mount mount : all()) {
      if (path.startsWith(mount.at)
          && (found == null || mount.at.getNameCount() >= found.at.getNameCount())) {
        found = mount;
      }
    }
    if (found == null) {
      throw new UnsupportedException("nothing is mounted at " + path + " or above it");
    }
    return found;
  }

  /** The one that is mounted at just this place, and on top there; null when there is none. */
  static Mount at(Path place) {
    Mount found = null;
    for (Mount mount : all()) {
      if (mount.at.equals(place)) {
        found = mount;
      }
    }
    return found;
  }

  /** Format: {@code Documentation/filesystems/proc.rst}, section 3.5. */
  static List<Mount> parse(String text) {
    List<Mount> mounts = new ArrayList<>();
    for (String line : text.split("\n")) {
      String[] fields = line.split(" ");
      int separator = 6;
      while (separator < fields.length && !fields[separator].equals("-")) {
        separator++; // optional fields
      }
      if (separator + 3 >= fields.length) {
        continue;
      }
      int colon = fields[2].indexOf(':');
      long major = Long.parseLong(fields[2].substring(0, colon));
      long minor = Long.parseLong(fields[2].substring(colon + 1));
      mounts.add(
          new Mount(
              device(major, minor),
              unescaped(fields[3]),
              Path.of(unescaped(fields[4])),
              isReadOnly(fields[5]) || isReadOnly(fields[separator + 3]),
              fields[separator + 1],
              unescaped(fields[separator + 2])));
    }
    return mounts;
  }

  /** As glibc's {@code makedev}. */
  private static long device(long major, long minor) {
    return (minor & 0xff) | (major & 0xfff) << 8 | (minor & ~0xffL) << 12 | (major & ~0xfffL) << 32;
  }

  private static boolean isReadOnly(String options) {
    return options.equals("ro") || options.startsWith("ro,");
  }

  /** Blanks and the like come as a backslash and three octal digits; the rest is UTF-8. */
  private static String unescaped(String field) {
    byte[] bytes = new byte[field.length()];
    int n = 0;
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '\\' && i + 3 < field.length()) {
        c = (char) Integer.parseInt(field.substring(i + 1, i + 4), 8);
        i += 3;
      }
      bytes[n++] = (byte) c;
    }
    return new String(bytes, 0, n, StandardCharsets.UTF_8);
  }
}
