// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.net;

import org.bpfdump.image.walk.ImageTarget;
import org.bpfdump.image.walk.Walk;
import org.bpfdump.image.walk.WalkContext;

/** The target {@code tcp}: {@code struct sock_common *sk_common, uid_t uid}. */
public final class TcpTarget implements ImageTarget {
  @Override
  public String name() {
    return "tcp";
  }

  @Override
  public Walk open(WalkContext context) {
    return new TcpWalk(context);
  }

  @Override
  public boolean hasStartToken() {
    return true;
  }
}
