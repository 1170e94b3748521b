// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.bpf;

import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.walk.ImageTarget;
import org.bpfdump.image.walk.Walk;
import org.bpfdump.image.walk.WalkContext;
import org.bpfdump.image.walk.container.References;

/**
 * Every BPF link; one that is not settled yet is shown, with id 0. Source: kernel/bpf/link_iter.c.
 */
public final class BpfLinkTarget implements ImageTarget {
  @Override
  public String name() {
    return "bpf_link";
  }

  @Override
  public Walk open(WalkContext context) {
    References references =
        References.plain(context.snapshot().types().field("bpf_link", "refcnt.counter"));
    return new IdWalk(
        context,
        Root.LINK_IDR,
        link -> references.isAlive(context.memory(), link),
        "the BPF links");
  }
}
