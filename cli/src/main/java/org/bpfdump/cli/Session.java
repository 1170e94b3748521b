// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.PrintStream;

/**
 * What a command works with.
 *
 * @param out where its output goes
 * @param err where its messages go
 */
record Session(Output out, PrintStream err) {
  static Session ofThisProcess() {
    return new Session(Output.ofThisProcess(), System.err);
  }
}
