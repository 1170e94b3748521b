// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

/**
 * What one side's BTF says to a question.
 *
 * @param value the value asked for
 * @param bitOffset where the field is, for fields; candidates must agree on it
 * @param width bytes that a load or store of the field takes; 0 where that is not known
 * @param load what is loaded there
 * @param certain whether the compiler was bound to come to the same value from the same BTF
 */
record Answer(long value, long bitOffset, long width, Load load, boolean certain) {
  /** What a memory access reads or writes, so far as changing its width goes. */
  enum Load {
    POINTER,
    /** An integer that is not a signed one: a wider or narrower load extends it correctly. */
    UNSIGNED,
    OTHER
  }

  static Answer of(long value) {
    return new Answer(value, 0, 0, Load.OTHER, true);
  }

  static Answer uncertain(long value) {
    return new Answer(value, 0, 0, Load.OTHER, false);
  }

  /** Whether an access of this may become one of {@code other} with nothing but another width. */
  boolean sameAccess(Answer other) {
    return width == other.width || (load != Load.OTHER && load == other.load);
  }
}
