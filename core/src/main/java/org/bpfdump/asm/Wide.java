// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.asm;

/** What the immediate of a 64-bit immediate load is, by the number in its source register. */
public enum Wide {
  /** A number. */
  VALUE(0),
  /** A map, by descriptor. */
  MAP_FD(1),
  /** The value of a map with one entry, by descriptor, and an offset into it. */
  MAP_VALUE(2),
  /** A kernel variable, by BTF id and descriptor of its BTF. */
  BTF_ID(3),
  /** A function of the program, by slot relative to the next instruction's. */
  FUNC(4),
  /** A map, by index among the descriptors given on loading. */
  MAP_INDEX(5),
  /** The value of such a map. */
  MAP_INDEX_VALUE(6);

  private static final Wide[] BY_SOURCE = values();

  private final int source;

  Wide(int source) {
    this.source = source;
  }

  static Wide of(int source) {
    return source < BY_SOURCE.length ? BY_SOURCE[source] : null;
  }

  int source() {
    return source;
  }
}
