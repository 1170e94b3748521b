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

  /**
   * What the program has put into one of its maps so far: the value of a map that has only one, a
   * variable of the program for instance. Dumps that are open may be changing it.
   *
   * @param name the map's name
   * @return a copy of the value
   * @throws org.bpfdump.error.RequestException when the program has no such map
   */
  byte[] mapValue(String name);

  @Override
  void close();
}
