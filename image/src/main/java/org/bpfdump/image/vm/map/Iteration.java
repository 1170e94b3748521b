// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.map;

import static org.bpfdump.image.vm.helper.Errno.EINVAL;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bpfdump.image.vm.Machine;
import org.bpfdump.image.walk.Buffers.Buffer;

/** {@code bpf_for_each_map_elem}. Source: kernel/bpf/arraymap.c and hashtab.c. */
final class Iteration {
  private Iteration() {}

  static long run(
      Machine machine, PassMap map, Store store, long function, long context, long flags) {
    if (flags != 0 || !(store instanceof ArrayStore || store instanceof HashStore)) {
      return -EINVAL;
    }
    boolean indexed = store instanceof ArrayStore;
    Buffer index = indexed ? machine.own().allocate(4, false) : null;
    try {
      long calls = 0;
      for (int slot = next(store, 0); slot >= 0; slot = next(store, slot + 1)) {
        machine.charge(1);
        if (indexed) {
          ByteBuffer.wrap(index.bytes()).order(ByteOrder.LITTLE_ENDIAN).putInt(0, slot);
        }
        long key = indexed ? index.address() : map.key(slot);
        calls++;
        if (machine.callback(function, map.handle(), key, map.value(slot), context, 0) != 0) {
          break;
        }
      }
      return calls;
    } finally {
      if (indexed) {
        machine.own().remove(index.address());
      }
    }
  }

  private static int next(Store store, int slot) {
    synchronized (store) {
      return store.next(slot);
    }
  }
}
