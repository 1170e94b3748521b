// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.memory;

import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.walk.ImageTarget;
import org.bpfdump.image.walk.Walk;
import org.bpfdump.image.walk.WalkContext;

/**
 * The target {@code kmem_cache}: {@code struct kmem_cache *s}, the newest first. Source:
 * kernel/bpf/kmem_cache_iter.c.
 */
public final class KmemCacheTarget implements ImageTarget {
  @Override
  public String name() {
    return "kmem_cache";
  }

  @Override
  public Walk open(WalkContext context) {
    int link = context.snapshot().types().field("kmem_cache", "list").offset();
    return new ObjectListWalk(
        context, context.snapshot().root(Root.SLAB_CACHES), link, "the slab caches");
  }
}
