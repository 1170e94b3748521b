// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.bench;

import java.util.Arrays;

/** Least, middle and greatest of what several rounds gave. */
record Spread(double least, double median, double greatest) {
  static Spread of(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Spread(sorted[0], sorted[sorted.length / 2], sorted[sorted.length - 1]);
  }

  static double median(double[] values) {
    return of(values).median();
  }
}
