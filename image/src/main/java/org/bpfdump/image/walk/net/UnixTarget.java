// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.net;

import org.bpfdump.image.walk.ImageTarget;
import org.bpfdump.image.walk.Walk;
import org.bpfdump.image.walk.WalkContext;

/** The target {@code unix}: {@code struct unix_sock *unix_sk, uid_t uid}. */
public final class UnixTarget implements ImageTarget {
  @Override
  public String name() {
    return "unix";
  }

  @Override
  public Walk open(WalkContext context) {
    return new UnixWalk(context);
  }

  @Override
  public boolean hasStartToken() {
    return true;
  }
}
