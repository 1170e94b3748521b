// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Names of users by number, as far as {@code /etc/passwd} has them: Java tells the name of a file's
 * owner, but of no other number.
 */
final class Users {
  private final Map<Long, String> names;

  private Users(Map<Long, String> names) {
    this.names = names;
  }

  /** Those of this machine. */
  static Users ofThisMachine() {
    try {
      return parse(Files.readString(Path.of("/etc/passwd"), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return new Users(Map.of());
    }
  }

  /** Format: passwd(5). */
  static Users parse(String text) {
    Map<Long, String> names = new HashMap<>();
    for (String line : text.split("\n")) {
      String[] fields = line.split(":", 4);
      if (fields.length == 4 && ParameterOptions.isNumber(fields[2]) && fields[2].length() < 11) {
        names.putIfAbsent(Long.valueOf(fields[2]), fields[0]);
      }
    }
    return new Users(names);
  }

  /** The name, or the number where it has none. */
  String name(long number) {
    String name = names.get(number);
    return name == null ? Long.toString(number) : name;
  }
}
