// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where network namespaces are mounted, by {@code /proc/PID/mountinfo} (proc_pid_mountinfo(5)). */
final class NamespaceMounts {
  /** The fields that matter, counted from 0. */
  private static final int ROOT = 3, POINT = 4;

  private static final String NETWORK = "net:[";

  private NamespaceMounts() {}

  /**
   * A mounted network namespace.
   *
   * @param inode its inode number
   * @param point where, as those see it whose mount namespace it is
   */
  record Mount(long inode, String point) {}

  /** Those in the file; none when it cannot be read, since its process has ended. */
  static List<Mount> in(Path mountinfo) {
    try {
      // Names need not be UTF-8, and must not be in the way of the others.
      return parse(new String(Files.readAllBytes(mountinfo), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return List.of();
    }
  }

  static List<Mount> parse(String mountinfo) {
    List<Mount> mounts = new ArrayList<>();
    for (String line : mountinfo.split("\n", -1)) {
      String[] fields = line.split(" ", POINT + 2);
      if (fields.length == POINT + 2
          && fields[ROOT].startsWith(NETWORK)
          && fields[ROOT].endsWith("]")) {
        long inode = number(fields[ROOT], NETWORK.length(), fields[ROOT].length() - 1);
        mounts.add(new Mount(inode, unescape(fields[POINT])));
      }
    }
    return mounts;
  }

  private static long number(String text, int from, int to) {
    try {
      return Long.parseLong(text, from, to, 10);
    } catch (NumberFormatException e) {
      return 0; // found by nobody, and so said to be out of reach
    }
  }

  /** A path in which the kernel wrote blanks and the like as three octal digits. */
  private static String unescape(String path) {
    StringBuilder plain = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) == '\\' && i + 3 < path.length() && isOctal(path, i + 1)) {
        plain.append((char) Integer.parseInt(path, i + 1, i + 4, 8));
        i += 3;
      } else {
        plain.append(path.charAt(i));
      }
    }
    return plain.toString();
  }

  private static boolean isOctal(String text, int at) {
    for (int i = at; i < at + 3; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '7') {
        return false;
      }
    }
    return true;
  }
}
