// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.error;

import java.util.List;

/** Guesses which name was meant, for a message about one that is not there. */
public final class Nearest {
  /** Names that a hint has at most. */
  private static final int MOST = 3;

  private Nearest() {}

  /** {@code ": did you mean --tid or --pid?"}, or something else when no name is near. */
  public static String hint(String word, List<String> names, String otherwise) {
    StringBuilder near = new StringBuilder();
    int found = 0;
    int best = 1 + word.length() / 3;
    for (int distance = 0; distance <= best; distance++) {
      for (String name : names) {
        if (found < MOST && distance(word, name) == distance) {
          found++;
          near.append(near.isEmpty() ? ": did you mean " : " or ").append(name);
          best = distance;
        }
      }
    }
    return near.isEmpty() ? otherwise : near.append('?').toString();
  }

  /**
   * Characters to insert, leave out, replace or swap with their neighbour; 0 for a prefix, and for
   * a name that only has underscores more before it.
   */
  public static int distance(String word, String name) {
    if (word.length() > 2 && name.startsWith(word)) {
      return 0;
    }
    if (name.startsWith("_") && name.endsWith(word) && bare(name).equals(word)) {
      return 0;
    }
    int width = name.length() + 1;
    int[] beforeLast = new int[width];
    int[] last = new int[width];
    int[] row = new int[width];
    for (int j = 0; j < width; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= word.length(); i++) {
      int[] free = beforeLast;
      beforeLast = last;
      last = row;
      row = free;
      row[0] = i;
      for (int j = 1; j < width; j++) {
        char a = word.charAt(i - 1);
        char b = name.charAt(j - 1);
        int d = last[j - 1] + (a == b ? 0 : 1);
        d = Math.min(d, Math.min(last[j], row[j - 1]) + 1);
        if (i > 1 && j > 1 && a == name.charAt(j - 2) && word.charAt(i - 2) == b) {
          d = Math.min(d, beforeLast[j - 2] + 1);
        }
        row[j] = d;
      }
    }
    return row[width - 1];
  }

  private static String bare(String name) {
    int start = 0;
    while (start < name.length() && name.charAt(start) == '_') {
      start++;
    }
    return name.substring(start);
  }
}
