// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.render;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Names of users, as {@code /etc/passwd} has them; read when the first is asked for. */
public final class Users {
  private final Path file;
  private Map<Long, String> names;

  /** Of this machine. */
  public Users() {
    this(Path.of("/etc/passwd"));
  }

  /** Of a file of that form. */
  public Users(Path file) {
    this.file = file;
  }

  /** The name of a user; the number where there is none. */
  public String name(long id) {
    if (names == null) {
      names = read();
    }
    return names.computeIfAbsent(id, Long::toUnsignedString);
  }

  private Map<Long, String> read() {
    Map<Long, String> read = new HashMap<>();
    try {
      // Bytes that are no UTF-8 are somebody's name all the same.
      for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
        List<String> parts = List.of(line.split(":", -1));
        // Lines of another kind, such as NIS has, name nobody.
        if (parts.size() > 2 && !parts.get(0).isEmpty() && isNumber(parts.get(2))) {
          read.putIfAbsent(Long.parseLong(parts.get(2)), parts.get(0));
        }
      }
    } catch (IOException e) {
      return new HashMap<>(); // numbers then
    }
    return read;
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.length() < 11
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
