// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.bpf;

import java.util.Arrays;
import org.bpfdump.image.walk.GuardedWalk;
import org.bpfdump.image.walk.WalkContext;

/** A walk over what one map holds: programs are shown the map in every call, the last one too. */
abstract class MapWalk extends GuardedWalk {
  /** The map. */
  final KernelMap map;

  private boolean started;

  MapWalk(WalkContext context, KernelMap map) {
    super(context);
    this.map = map;
  }

  /** Goes to the start of the map; throws as a step, and there are no elements then. */
  abstract void start();

  /** Goes to the next element, and puts the arguments after the map; throws as a step. */
  abstract boolean element(long[] arguments);

  @Override
  protected final boolean step(long[] arguments) {
    arguments[0] = map.address();
    if (!started) {
      started = true;
      start();
    }
    return element(arguments);
  }

  @Override
  protected final String place() {
    return "the elements of map " + map.id();
  }

  @Override
  public final boolean last(long[] arguments) {
    Arrays.fill(arguments, 0);
    arguments[0] = map.address();
    return true;
  }
}
