// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.net;

import org.bpfdump.image.walk.ImageTarget;
import org.bpfdump.image.walk.Walk;
import org.bpfdump.image.walk.WalkContext;

/** The target {@code udp}: {@code struct udp_sock *udp_sk, uid_t uid, int bucket}. */
public final class UdpTarget implements ImageTarget {
  @Override
  public String name() {
    return "udp";
  }

  @Override
  public Walk open(WalkContext context) {
    return new UdpWalk(context);
  }

  @Override
  public boolean hasStartToken() {
    return true;
  }
}
