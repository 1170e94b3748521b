// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.ksym;

import org.bpfdump.image.walk.ImageTarget;
import org.bpfdump.image.walk.Walk;
import org.bpfdump.image.walk.WalkContext;

/**
 * The target {@code ksym}: {@code struct kallsym_iter *ksym}, one object that is written anew for
 * each symbol.
 */
public final class KsymTarget implements ImageTarget {
  @Override
  public String name() {
    return "ksym";
  }

  @Override
  public Walk open(WalkContext context) {
    return new KsymWalk(context);
  }
}
