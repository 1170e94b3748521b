// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.util.OptionalLong;

/** The kernel's symbols, in the order of its own table. Safe for use by several threads. */
public interface Symbols {
  /** How many there are. */
  int count();

  /** The name of a symbol. */
  String name(int index);

  /** The address of a symbol. */
  long address(int index);

  /** The letter of nm(1) for a symbol. */
  char type(int index);

  /** The address of the first symbol of this name. */
  OptionalLong find(String name);

  /** The symbol that an address belongs to, the nearest at or below it; -1 when there is none. */
  int below(long address);
}
