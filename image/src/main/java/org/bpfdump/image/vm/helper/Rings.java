// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import static org.bpfdump.image.vm.helper.Errno.E2BIG;
import static org.bpfdump.image.vm.helper.Errno.EAGAIN;
import static org.bpfdump.image.vm.helper.Errno.EINVAL;

import org.bpfdump.error.ProgramException;
import org.bpfdump.image.vm.Machine;
import org.bpfdump.image.vm.map.PassMap;

/**
 * Helpers on ring buffers, which take what they are given as if somebody read them at once. Source:
 * kernel/bpf/ringbuf.c.
 */
final class Rings {
  private static final int HEADER = 8;
  private static final long FLAGS = 3;
  private static final long SIZE = 1;

  private Rings() {}

  private static long room(Machine m, long handle) {
    PassMap map = m.helpers().maps().require(handle);
    if (!map.isRing()) {
      throw new ProgramException("map " + map.spec().name() + " is no ring buffer");
    }
    return Integer.toUnsignedLong(map.spec().maxEntries());
  }

  static long output(Machine m, long map, long data, long size, long flags, long r5) {
    long room = room(m, map);
    if ((flags & ~FLAGS) != 0) {
      return -EINVAL;
    }
    return Long.compareUnsigned(size, room - HEADER) > 0 ? -EAGAIN : 0;
  }

  static long reserve(Machine m, long map, long size, long flags, long r4, long r5) {
    long room = room(m, map);
    if (flags != 0 || size <= 0 || size > room - HEADER) {
      return 0;
    }
    return m.own().allocate((int) size, true).address();
  }

  /** Submits or discards. */
  static long release(Machine m, long record, long flags, long r3, long r4, long r5) {
    m.own().remove(record);
    return 0;
  }

  /** A record behind a dynptr; one of nothing when there is no room. */
  static long reserveSized(Machine m, long map, long size, long flags, long pointer, long r5) {
    long room = room(m, map);
    long wanted = size & 0xFFFFFFFFL;
    int error =
        flags != 0
            ? -EINVAL
            : wanted > Dynptrs.MOST ? -E2BIG : wanted == 0 || wanted > room - HEADER ? -EINVAL : 0;
    Dynptrs.put(
        m,
        pointer,
        error == 0 ? m.own().allocate((int) wanted, true).address() : 0,
        error == 0 ? wanted : 0,
        0);
    return error;
  }

  /** Submits or discards one of those. */
  static long releaseSized(Machine m, long pointer, long flags, long r3, long r4, long r5) {
    long record = Dynptrs.data(m, pointer);
    if (record != 0) {
      m.own().remove(record);
      Dynptrs.put(m, pointer, 0, 0, 0);
    }
    return 0;
  }

  static long query(Machine m, long map, long flags, long r3, long r4, long r5) {
    long room = room(m, map);
    return flags == SIZE ? room : 0;
  }
}
