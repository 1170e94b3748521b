// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.bpf;

import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.walk.GuardedWalk;
import org.bpfdump.image.walk.WalkContext;
import org.bpfdump.image.walk.container.XarrayCursor;

/** The objects of an idr by id, but those without references, as {@code bpf_map} is walked. */
final class IdWalk extends GuardedWalk {
  /** Tells which objects have references left. */
  @FunctionalInterface
  interface Liveness {
    /** Whether the object at an address has any; may throw as a step. */
    boolean isAlive(long object);
  }

  private final long idr;
  private final XarrayCursor objects;
  private final Liveness liveness;
  private final String place;
  private boolean started;

  /**
   * @param root a {@code struct idr}
   * @param place what it holds, as a note names it
   */
  IdWalk(WalkContext context, Root root, Liveness liveness, String place) {
    super(context);
    idr = context.snapshot().root(root);
    objects = new XarrayCursor(context.snapshot().types(), memory);
    this.liveness = liveness;
    this.place = place;
  }

  @Override
  protected boolean step(long[] arguments) {
    if (!started) {
      started = true;
      objects.startIdr(idr);
    }
    while (objects.next()) {
      if (liveness.isAlive(objects.entry())) {
        arguments[0] = objects.entry();
        return true;
      }
    }
    arguments[0] = 0;
    return false;
  }

  @Override
  protected String place() {
    return place;
  }
}
