// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.map;

import java.util.concurrent.atomic.AtomicLong;
import org.bpfdump.spec.MapSpec;

/** A ring buffer, which nobody reads: what is put in is gone. Source: kernel/bpf/ringbuf.c. */
final class RingStore extends Store {
  RingStore(MapSpec spec, AtomicLong taken) {
    super(spec, new Values(8, 1, taken), 0, 1);
  }
}
