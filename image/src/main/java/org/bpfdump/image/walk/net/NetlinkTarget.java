// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.net;

import org.bpfdump.image.walk.ImageTarget;
import org.bpfdump.image.walk.Walk;
import org.bpfdump.image.walk.WalkContext;

/** The target {@code netlink}: {@code struct netlink_sock *sk}. */
public final class NetlinkTarget implements ImageTarget {
  @Override
  public String name() {
    return "netlink";
  }

  @Override
  public Walk open(WalkContext context) {
    return new NetlinkWalk(context);
  }

  @Override
  public boolean hasStartToken() {
    return true;
  }
}
