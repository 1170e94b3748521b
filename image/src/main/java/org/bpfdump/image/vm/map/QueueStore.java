// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.map;

import static org.bpfdump.image.vm.helper.Errno.E2BIG;
import static org.bpfdump.image.vm.helper.Errno.EINVAL;
import static org.bpfdump.image.vm.helper.Errno.ENOENT;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.bpfdump.spec.MapSpec;

/** A queue or a stack. Source: kernel/bpf/queue_stack_maps.c. */
final class QueueStore extends Store {
  private final boolean stack;
  private final int most;
  private int head;
  private int count;

  QueueStore(MapSpec spec, boolean stack, AtomicLong taken) {
    super(spec, new Values(rounded(spec.valueSize()), Math.max(1, spec.maxEntries()), taken), 0, 1);
    this.stack = stack;
    most = Math.max(1, spec.maxEntries());
  }

  @Override
  int push(byte[] value, long flags) {
    if ((flags & NOEXIST) != 0 || flags > EXIST || flags < 0) {
      return -EINVAL;
    }
    if (count == most) {
      if ((flags & EXIST) == 0) {
        return -E2BIG;
      }
      head = (head + 1) % most; // the oldest makes room
      count--;
    }
    put((int) (((long) head + count) % most), value, false);
    count++;
    return 0;
  }

  @Override
  int peek(byte[] value, boolean remove) {
    if (count == 0) {
      Arrays.fill(value, (byte) 0);
      return -ENOENT;
    }
    int slot = stack ? (int) (((long) head + count - 1) % most) : head;
    System.arraycopy(bytes(slot), start(slot), value, 0, spec().valueSize());
    if (remove) {
      count--;
      if (!stack) {
        head = (head + 1) % most;
      }
    }
    return 0;
  }

  @Override
  int update(byte[] key, byte[] value, long flags) {
    return -EINVAL;
  }

  @Override
  int delete(byte[] key) {
    return -EINVAL;
  }
}
