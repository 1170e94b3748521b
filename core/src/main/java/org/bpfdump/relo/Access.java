// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

import java.util.List;
import org.bpfdump.error.RelocationException;

/**
 * A field as one side's BTF has it.
 *
 * @param types the side
 * @param steps the way there, as the program's author wrote it: anonymous members are left out
 * @param bitOffset bits from the start of the root type to the field, anonymous members included
 */
record Access(Types types, List<Step> steps, long bitOffset) {
  /** One step of the way. */
  sealed interface Step {
    /** Position of the element or of the member. */
    int index();

    /** Id of what it leads to. */
    int type();
  }

  /**
   * An array element; as the first step, of the array that a pointer to the root type points to.
   *
   * @param type id of the element's type, resolved
   */
  record Element(int type, int index) implements Step {}

  /**
   * A named member.
   *
   * @param owner id of the struct or union it is in
   * @param type id of its own type, not resolved
   * @param last whether it is the owner's last member
   */
  record Field(int owner, int index, String name, int type, int bitfieldSize, boolean last)
      implements Step {}

  Step end() {
    return steps.getLast();
  }

  /**
   * Whether an array may be indexed: below its count, or, when it is declared without one as the
   * last member of a struct, anywhere.
   *
   * @param before the step that led to the array
   */
  static boolean inBounds(Step before, int count, int index) {
    boolean flexible = count == 0 && before instanceof Field field && field.last();
    return flexible || index < Integer.toUnsignedLong(count);
  }

  /** Bits before the element of this index. */
  static long bits(int index, long elementSize) {
    // Offsets in BTF are 32-bit numbers of bits.
    if (index != 0 && elementSize > 0xFFFF_FFFFL / 8 / index) {
      throw new RelocationException(
          "element " + index + " lies further than 512 MiB from the start; index in the program");
    }
    return index * elementSize * 8;
  }
}
