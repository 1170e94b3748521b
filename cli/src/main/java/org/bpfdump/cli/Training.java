// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.util.Arrays;

/**
 * Several commands in one process, with {@code ,} between them: what a run of it needs is what an
 * ahead-of-time cache has for each of them. They may fail.
 */
final class Training {
  private Training() {}

  /** Runs them. */
  public static void main(String[] args) {
    int from = 0;
    for (int i = 0; i <= args.length; i++) {
      if (i == args.length || args[i].equals(",")) {
        Main.run(Arrays.copyOfRange(args, from, i), Session.ofThisProcess());
        from = i + 1;
      }
    }
  }
}
