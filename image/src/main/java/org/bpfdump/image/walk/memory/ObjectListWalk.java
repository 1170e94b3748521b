// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.memory;

import org.bpfdump.image.walk.GuardedWalk;
import org.bpfdump.image.walk.WalkContext;
import org.bpfdump.image.walk.container.ListCursor;

/** A walk over the objects of one {@code struct list_head}. */
class ObjectListWalk extends GuardedWalk {
  private final ListCursor list;
  private final int link;
  private final String place;

  /**
   * @param head address of the head
   * @param link where in an object its node is
   */
  ObjectListWalk(WalkContext context, long head, int link, String place) {
    super(context);
    this.link = link;
    this.place = place;
    list = new ListCursor(memory);
    list.start(head);
  }

  @Override
  protected final String place() {
    return place;
  }

  @Override
  protected final boolean step(long[] arguments) {
    for (long node; (node = list.next()) != 0; ) {
      long object = node - link;
      if (isShown(object)) {
        arguments[0] = object;
        return true;
      }
    }
    return false;
  }

  /** Whether the kernel shows an object, and numbers it. */
  boolean isShown(long object) {
    return true;
  }
}
