// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a screen shows.
 *
 * @param lines from the top; what is beyond the screen is not shown
 */
record Frame(List<String> lines) {
  static final Frame EMPTY = new Frame(List.of());

  private static final String MARK = "\033[7m";
  private static final String NO_MARK = "\033[0m";

  /**
   * What makes a screen show this, over whatever it shows.
   *
   * @param before what was shown before; what is new stands out, unless that was nothing
   * @param marks whether what is new can stand out
   * @param bottom last lines, which stand out never
   */
  String drawnAfter(Frame before, Terminal terminal, boolean marks, List<String> bottom) {
    int room = Math.max(terminal.height() - 1 - bottom.size(), 1);
    Set<String> old = new HashSet<>(before.lines);
    Set<String> now = new HashSet<>(lines);
    List<String> gone = new ArrayList<>();
    for (String line : before.lines) {
      if (!now.contains(line)) {
        gone.add(line);
      }
    }
    StringBuilder screen = new StringBuilder("\033[H");
    for (int i = 0; i < Math.min(lines.size(), room); i++) {
      String line = lines.get(i);
      if (i == 0 || before.lines.isEmpty() || old.contains(line) || !marks) {
        screen.append(line);
      } else {
        mark(screen, nearest(line, gone), line);
      }
      screen.append("\033[K\n");
    }
    for (String line : bottom) {
      screen.append(line, 0, Math.min(line.length(), terminal.width())).append("\033[K\n");
    }
    return screen.append("\033[J").toString();
  }

  /** The line that a changed one was, as it seems: the one that begins alike. Empty for none. */
  private static String nearest(String line, List<String> gone) {
    String nearest = "";
    int most = firstWord(line);
    for (String other : gone) {
      int same = 0;
      while (same < Math.min(line.length(), other.length())
          && line.charAt(same) == other.charAt(same)) {
        same++;
      }
      if (same > most) {
        most = same;
        nearest = other;
      }
    }
    return nearest;
  }

  private static int firstWord(String line) {
    int at = 0;
    while (at < line.length() && line.charAt(at) == ' ') {
      at++;
    }
    int end = line.indexOf(' ', at);
    return end < 0 ? line.length() : end;
  }

  /** The words of a line that are not where they were. */
  private static void mark(StringBuilder screen, String old, String line) {
    int at = 0;
    while (at < line.length()) {
      int end = at;
      boolean blank = line.charAt(at) == ' ';
      while (end < line.length() && (line.charAt(end) == ' ') == blank) {
        end++;
      }
      boolean same = blank || old.startsWith(line.substring(at, end), at);
      screen.append(same ? "" : MARK).append(line, at, end).append(same ? "" : NO_MARK);
      at = end;
    }
  }
}
