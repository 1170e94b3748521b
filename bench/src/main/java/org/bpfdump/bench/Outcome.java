// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.bench;

import java.util.List;
import java.util.Locale;

/**
 * What one row of the results says.
 *
 * @param row its name, as {@code bench/run} takes it
 * @param what what was done
 * @param peer what else did the same; empty for a row without a peer
 * @param target the most that is allowed, in {@code unit}
 * @param unit {@code times} the peer's, or {@code MB}
 * @param measured what the rounds gave, in {@code unit}
 * @param decides which of it is held against the target
 * @param notes sentences on how it was measured and where the time goes, made from this run
 */
record Outcome(
    String row,
    String what,
    String peer,
    double target,
    String unit,
    Spread measured,
    double decides,
    List<String> notes) {

  static Outcome ratio(
      String row, String what, String peer, double target, double[] ratios, List<String> notes) {
    Spread spread = Spread.of(ratios);
    return new Outcome(row, what, peer, target, "times", spread, spread.median(), notes);
  }

  boolean reached() {
    return decides <= target;
  }

  String verdict() {
    return reached() ? "reached" : "not reached";
  }

  String number(double value) {
    return String.format(Locale.ROOT, unit.equals("MB") ? "%.1f" : "%.2f", value);
  }

  /** One line for a terminal. */
  String line() {
    return String.format(
        Locale.ROOT,
        "%-14s %s: %s %s (%s to %s), at most %s",
        row,
        verdict(),
        number(decides),
        unit,
        number(measured.least()),
        number(measured.greatest()),
        number(target));
  }
}
