// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import java.util.Optional;
import org.bpfdump.query.plan.Column;
import org.bpfdump.query.plan.Place;
import org.bpfdump.query.plan.Plan;

/**
 * What of a query the verifier refused.
 *
 * @param column index of the column whose code it is; -1 when it is none's
 * @param condition whether it is the condition's
 * @param text the column or the condition as it was written; empty for neither
 * @param slot the instruction; -1 when the log does not say
 * @param place what that instruction reads, if it is a direct load
 */
public record Blame(int column, boolean condition, String text, int slot, Optional<Place> place) {
  static Blame of(Plan plan, Source.Line line, int slot, Optional<Place> place) {
    if (line == null || line.part() == Source.FRAME) {
      return new Blame(-1, false, "", slot, place);
    }
    if (line.part() == Source.CONDITION) {
      return new Blame(-1, true, plan.condition(), slot, place);
    }
    Column column = plan.columns().get(line.part());
    return new Blame(line.part(), false, column.text(), slot, place);
  }

  /**
   * The instruction that a log ends at: the number before the colon of its last line like {@code
   * 12: (79) r1 = *(u64 *)(r6 +8)}; -1 when it has none.
   */
  static int slot(String log) {
    for (int end = log.length(); end > 0; ) {
      int start = log.lastIndexOf('\n', end - 1) + 1;
      int slot = slot(log, start, end);
      if (slot >= 0) {
        return slot;
      }
      end = start - 1;
    }
    return -1;
  }

  private static int slot(String log, int start, int end) {
    int slot = 0;
    int at = start;
    while (at < end && Character.isDigit(log.charAt(at)) && at < start + 7) {
      slot = slot * 10 + log.charAt(at++) - '0';
    }
    return at > start && log.startsWith(": (", at) ? slot : -1;
  }
}
