// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.bpf;

import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.walk.ImageTarget;
import org.bpfdump.image.walk.Walk;
import org.bpfdump.image.walk.WalkContext;
import org.bpfdump.image.walk.container.References;

/** Every BPF map. Source: kernel/bpf/map_iter.c. */
public final class BpfMapTarget implements ImageTarget {
  @Override
  public String name() {
    return "bpf_map";
  }

  @Override
  public Walk open(WalkContext context) {
    References references =
        References.plain(context.snapshot().types().field("bpf_map", "refcnt.counter"));
    return new IdWalk(
        context, Root.MAP_IDR, map -> references.isAlive(context.memory(), map), "the BPF maps");
  }
}
