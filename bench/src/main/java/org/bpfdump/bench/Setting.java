// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.bench;

import java.nio.file.Path;

/**
 * Where and how long to measure.
 *
 * @param root of the repository
 * @param bpffs a mounted bpffs that is ours alone
 * @param quick whether a rough figure soon is better than a good one
 */
record Setting(Path root, Path bpffs, boolean quick) {
  /** A C program of the benchmarks. */
  Path program(String name) {
    return root.resolve("bench", "target", name);
  }

  int rounds(int full) {
    return quick ? Math.max(5, full / 5) : full;
  }

  void progress(String what) {
    System.err.println("bench: " + what);
  }
}
