// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.memory;

import java.util.OptionalLong;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.walk.ImageTarget;
import org.bpfdump.image.walk.Walk;
import org.bpfdump.image.walk.WalkContext;
import org.bpfdump.image.walk.container.References;

/**
 * The target {@code dmabuf}: {@code struct dma_buf *dmabuf}. The kernel makes no last call.
 * Sources: kernel/bpf/dmabuf_iter.c, drivers/dma-buf/dma-buf.c.
 */
public final class DmabufTarget implements ImageTarget {
  @Override
  public String name() {
    return "dmabuf";
  }

  @Override
  public Walk open(WalkContext context) {
    return new DmabufWalk(context);
  }

  /** Where the list of all DMA buffers begins. */
  public static long head(Snapshot snapshot) {
    OptionalLong list = snapshot.find(Root.DMABUF_LIST);
    if (list.isPresent()) {
      return list.getAsLong();
    }
    OptionalLong old = snapshot.find(Root.DB_LIST);
    return old.isPresent()
        ? snapshot.types().field("dma_buf_list", "head").at(old.getAsLong())
        : snapshot.root(Root.DMABUF_LIST);
  }

  private static final class DmabufWalk extends ObjectListWalk {
    private final Field file;
    private final References references;

    DmabufWalk(WalkContext context) {
      super(
          context,
          head(context.snapshot()),
          context.snapshot().types().field("dma_buf", "list_node").offset(),
          "the DMA buffers");
      Types types = context.snapshot().types();
      file = types.field("dma_buf", "file");
      references = References.ofFiles(types);
    }

    @Override
    boolean isShown(long object) {
      return references.isAlive(memory, file.get(memory, object));
    }

    @Override
    public boolean last(long[] arguments) {
      return false;
    }
  }
}
