// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.map;

import static org.bpfdump.image.vm.helper.Errno.E2BIG;
import static org.bpfdump.image.vm.helper.Errno.EEXIST;
import static org.bpfdump.image.vm.helper.Errno.EINVAL;

import java.util.concurrent.atomic.AtomicLong;
import org.bpfdump.spec.MapSpec;

/** Values by index, all of them always there. Source: kernel/bpf/arraymap.c. */
final class ArrayStore extends Store {
  ArrayStore(MapSpec spec, int copies, AtomicLong taken) {
    super(
        spec,
        new Values(
            (long) rounded(spec.valueSize()) * copies,
            Integer.toUnsignedLong(spec.maxEntries()),
            taken),
        0,
        copies);
  }

  static int index(byte[] key) {
    return (key[0] & 0xFF) | (key[1] & 0xFF) << 8 | (key[2] & 0xFF) << 16 | (key[3] & 0xFF) << 24;
  }

  @Override
  int lookup(byte[] key) {
    int index = index(key);
    return Integer.compareUnsigned(index, spec().maxEntries()) < 0 ? index : -1;
  }

  @Override
  int update(byte[] key, byte[] value, long flags) {
    if ((flags & ~LOCK) > EXIST || flags < 0) {
      return -EINVAL;
    }
    int slot = lookup(key);
    if (slot < 0) {
      return -E2BIG;
    }
    if ((flags & NOEXIST) != 0) {
      return -EEXIST;
    }
    put(slot, value, false);
    return 0;
  }

  @Override
  int delete(byte[] key) {
    return -EINVAL;
  }

  @Override
  int next(int slot) {
    return slot < spec().maxEntries() ? slot : -1;
  }
}
