// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.walk.Buffers.Buffer;
import org.bpfdump.image.walk.WalkContext;

/** The slots of an array of sockets. */
final class SockArrayWalk extends MapWalk {
  private final Buffer key;
  private final ByteBuffer index;
  private final Field container;
  private final Field sockets;
  private long table;
  private long next;

  SockArrayWalk(WalkContext context, KernelMap map) {
    super(context, map);
    Types types = context.snapshot().types();
    container = types.field("bpf_stab", "map");
    sockets = types.field("bpf_stab", "sks");
    key = context.buffers().allocate(Integer.BYTES, false);
    index = ByteBuffer.wrap(key.bytes()).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  void start() {
    table = sockets.get(memory, map.address() - container.offset());
    room.takeSlots(map.maxEntries());
  }

  @Override
  boolean element(long[] arguments) {
    if (table == 0 || next >= map.maxEntries()) {
      return false;
    }
    long slot = table + Long.BYTES * next;
    index.putInt(0, (int) next);
    next++;
    arguments[1] = key.address();
    arguments[2] = memory.u64(slot);
    return true;
  }
}
