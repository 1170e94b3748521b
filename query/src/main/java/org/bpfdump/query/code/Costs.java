// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which parts of a query have most of its program, for who has to ask for less. */
final class Costs {
  /** How many parts are named. */
  private static final int MOST = 3;

  private Costs() {}

  /**
   * The columns, and the condition, that have the most instructions, with how many.
   *
   * @param lines where the code of each part begins
   * @param end after the last instruction
   */
  static String most(List<Source.Line> lines, int end) {
    Map<String, Integer> costs = new LinkedHashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      Source.Line line = lines.get(i);
      int to = i + 1 < lines.size() ? lines.get(i + 1).slot() : end;
      String part =
          line.part() == Source.CONDITION ? "the condition" : "column " + line.text().strip();
      if (line.part() != Source.FRAME) {
        costs.merge(part, to - line.slot(), Integer::sum);
      }
    }
    List<Map.Entry<String, Integer>> parts = new ArrayList<>(costs.entrySet());
    parts.sort((a, b) -> Integer.compare(b.getValue(), a.getValue()));
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, Integer> part : parts.subList(0, Math.min(MOST, parts.size()))) {
      text.append(text.isEmpty() ? "" : ", ").append(part.getKey());
      text.append(" (").append(part.getValue()).append(')');
    }
    return text.toString();
  }
}
