// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

/** What the process ends with. A signal that ends it gives 128 and its number. */
final class ExitCode {
  static final int OK = 0;

  /** It failed; a message on standard error says why. */
  static final int FAILED = 1;

  /** The command line, or a query in it, is wrong. */
  static final int USAGE = 2;

  /** A dump ended before its target did; what was written is a part. */
  static final int INCOMPLETE = 3;

  /** Nobody reads the output any more: as if SIGPIPE (13) had ended the process. */
  static final int BROKEN_PIPE = 128 + 13;

  private ExitCode() {}
}
