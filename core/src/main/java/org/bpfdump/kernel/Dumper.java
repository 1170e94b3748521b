// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.kernel;

/** A program loaded for a target. Safe for use by several threads. */
public interface Dumper extends AutoCloseable {
  /** The program's name. */
  String name();

  /** The target it walks. */
  Target target();

  /**
   * Starts a pass over the target. Any number can be open at once, each with a position of its own,
   * and each goes on when the dumper is closed. The caller owns the dump.
   */
  Dump open();

  @Override
  void close();
}
