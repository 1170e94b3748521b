// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/** The kernel's symbols, in the order of its own table. Safe for use by several threads. */
public interface Symbols {
  /** How many there are. */
  int count();

  /** The name of a symbol. */
  String name(int index);

  /**
   * Copies the name of a symbol, cut off where there is no more room.
   *
   * @param most how many bytes there is room for
   * @return how many bytes that were
   */
  default int copyName(int index, byte[] into, int at, int most) {
    byte[] name = name(index).getBytes(StandardCharsets.UTF_8);
    int length = Math.min(name.length, most);
    System.arraycopy(name, 0, into, at, length);
    return length;
  }

  /**
   * Where the name of a symbol starts in the kernel's table of compressed names; 0 when there is no
   * such table.
   *
   * @param index up to {@link #count()}, for the end of the table
   */
  default int nameOffset(int index) {
    return 0;
  }

  /** The address of a symbol. */
  long address(int index);

  /** The letter of nm(1) for a symbol. */
  char type(int index);

  /** The address of the first symbol of this name. */
  OptionalLong find(String name);

  /** The symbol that an address belongs to, the nearest at or below it; -1 when there is none. */
  int below(long address);
}
