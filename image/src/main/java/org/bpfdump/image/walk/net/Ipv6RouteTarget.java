// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.net;

import org.bpfdump.image.walk.ImageTarget;
import org.bpfdump.image.walk.Walk;
import org.bpfdump.image.walk.WalkContext;

/** The target {@code ipv6_route}: {@code struct fib6_info *rt}. */
public final class Ipv6RouteTarget implements ImageTarget {
  @Override
  public String name() {
    return "ipv6_route";
  }

  @Override
  public Walk open(WalkContext context) {
    return new Ipv6RouteWalk(context);
  }
}
