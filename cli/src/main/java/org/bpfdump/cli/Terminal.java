// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A terminal that a stream of this process goes to.
 *
 * @param width how many characters fit a line
 * @param height how many lines fit the screen
 */
record Terminal(int width, int height) {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  /** What people have when nobody knows. */
  private static final int USUAL_WIDTH = 80;

  private static final int USUAL_HEIGHT = 24;

  /** Whether a descriptor of this process is one. */
  static boolean is(int descriptor) {
    return device(descriptor) != null;
  }

  /**
   * The terminal of a descriptor as it is now; null when it is none. {@code COLUMNS} and {@code
   * LINES}, where they are set, are its size.
   */
  static Terminal of(int descriptor) {
    Path device = device(descriptor);
    if (device == null) {
      return null;
    }
    int width = wished("COLUMNS");
    int height = wished("LINES");
    if (width > 0 && height > 0) {
      return new Terminal(width, height);
    }
    int[] size = size(device);
    return new Terminal(width > 0 ? width : size[1], height > 0 ? height : size[0]);
  }

  private static Path device(int descriptor) {
    try {
      Path device = Files.readSymbolicLink(DESCRIPTORS.resolve(Integer.toString(descriptor)));
      String name = device.toString();
      boolean terminal =
          name.startsWith("/dev/pts/")
              || name.startsWith("/dev/tty")
              || name.equals("/dev/console");
      return terminal ? device : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** Whether colours and the like are welcome: {@code NO_COLOR} and dumb terminals say no. */
  static boolean takesColours() {
    String type = System.getenv("TERM");
    String no = System.getenv("NO_COLOR");
    return (no == null || no.isEmpty()) && type != null && !type.equals("dumb");
  }

  private static int wished(String variable) {
    String value = System.getenv(variable);
    return value == null ? 0 : number(value);
  }

  /** What {@code stty size} says: rows, columns. */
  private static int[] size(Path device) {
    int[] size = {USUAL_HEIGHT, USUAL_WIDTH};
    try {
      Process stty =
          new ProcessBuilder(List.of("stty", "size"))
              .redirectInput(new File(device.toString()))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      byte[] said = stty.getInputStream().readAllBytes();
      String[] words = new String(said, StandardCharsets.US_ASCII).strip().split(" ", 2);
      for (int i = 0; i < 2 && words.length == 2; i++) {
        size[i] = number(words[i]) > 0 ? number(words[i]) : size[i];
      }
    } catch (IOException e) {
      // The usual size, then.
    }
    return size;
  }

  /** A number from 1 to 9999; 0 for anything else. */
  private static int number(String digits) {
    return ParameterOptions.isNumber(digits) && digits.length() <= 4 ? Integer.parseInt(digits) : 0;
  }
}
