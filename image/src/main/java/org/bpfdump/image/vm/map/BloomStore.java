// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.map;

import static org.bpfdump.image.vm.helper.Errno.EINVAL;
import static org.bpfdump.image.vm.helper.Errno.ENOENT;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.bpfdump.spec.MapSpec;

/** Values that were put in; exact, where the kernel's may be wrong. Source: bloom_filter.c. */
final class BloomStore extends Store {
  /** Values after which all are taken to be in, as in a filter that is overfull. */
  private static final int MOST = 1 << 20;

  private final Set<ByteBuffer> values = new HashSet<>();

  BloomStore(MapSpec spec, AtomicLong taken) {
    super(spec, new Values(8, 1, taken), 0, 1);
  }

  @Override
  int push(byte[] value, long flags) {
    if (flags != 0) {
      return -EINVAL;
    }
    if (values.size() < MOST) {
      values.add(ByteBuffer.wrap(value.clone()));
    }
    return 0;
  }

  @Override
  int peek(byte[] value, boolean remove) {
    return values.size() == MOST || values.contains(ByteBuffer.wrap(value)) ? 0 : -ENOENT;
  }
}
