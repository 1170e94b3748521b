// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/** Which constant of a compiled program has the helper that a slot calls. */
final class HelperFields {
  private final Helper[] bySlot;
  private final List<Helper> distinct = new ArrayList<>();
  private final IdentityHashMap<Helper, Integer> indexes = new IdentityHashMap<>();

  /**
   * @param bySlot null where none is called
   */
  HelperFields(Helper[] bySlot) {
    this.bySlot = bySlot;
    for (Helper helper : bySlot) {
      if (helper != null && indexes.putIfAbsent(helper, distinct.size()) == null) {
        distinct.add(helper);
      }
    }
  }

  /** Each helper once. */
  Helper[] distinct() {
    return distinct.toArray(Helper[]::new);
  }

  /** How many there are. */
  int count() {
    return distinct.size();
  }

  /** The index among them of what a slot calls; negative when it was given none. */
  int of(int slot) {
    return bySlot[slot] == null ? -1 : indexes.get(bySlot[slot]);
  }

  /** The name of the field that has a helper. */
  static String name(int index) {
    return "helper" + index;
  }
}
