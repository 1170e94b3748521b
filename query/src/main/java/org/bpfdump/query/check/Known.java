// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

/** What the verifier knows of a register that has a pointer. */
sealed interface Known {
  /** It is a number: what is behind must be probed. */
  record Nothing() implements Known {}

  /** It points to a buffer, such as a map's key: loads with any size and fixed offset. */
  record Buffer() implements Known {}

  /** It points to memory of which the verifier knows nothing, but lets be read. */
  record Memory() implements Known {}

  /**
   * It points to the beginning of this struct.
   *
   * @param trusted whether helpers take it as one
   */
  record Struct(int id, boolean trusted) implements Known {}

  /** It does not point to the kernel's memory. */
  record Elsewhere(String tag) implements Known {}

  Known NOTHING = new Nothing();
  Known BUFFER = new Buffer();
  Known MEMORY = new Memory();
}
