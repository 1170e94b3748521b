// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.map;

import static org.bpfdump.image.vm.helper.Errno.E2BIG;
import static org.bpfdump.image.vm.helper.Errno.EINVAL;
import static org.bpfdump.image.vm.helper.Errno.ENOSPC;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.bpfdump.spec.MapSpec;

/**
 * Values by prefix: a key is how many bits count, in 32 bits, and bytes whose first bits do. Kept
 * by exact prefix; a lookup tries the longest first. Source: kernel/bpf/lpm_trie.c.
 */
final class TrieStore extends Store {
  private static final int BITS = 4;

  private final HashStore exact;
  private final byte[] prefix;

  TrieStore(MapSpec spec, AtomicLong taken) {
    this(spec, new HashStore(spec, 1, false, taken));
  }

  private TrieStore(MapSpec spec, HashStore exact) {
    super(spec, exact.values(), exact.valueOffset(), 1);
    this.exact = exact;
    prefix = new byte[spec.keySize()];
  }

  private int longest() {
    return 8 * (spec().keySize() - BITS);
  }

  /** Makes {@link #prefix} the first bits of a key; false when it has not as many. */
  private boolean take(byte[] key, int bits) {
    if (Integer.compareUnsigned(bits, longest()) > 0) {
      return false;
    }
    Arrays.fill(prefix, (byte) 0);
    for (int i = 0; i < BITS; i++) {
      prefix[i] = (byte) (bits >>> (8 * i));
    }
    System.arraycopy(key, BITS, prefix, BITS, bits / 8);
    if (bits % 8 != 0) {
      int last = BITS + bits / 8;
      prefix[last] = (byte) (key[last] & (0xFF00 >> (bits % 8)));
    }
    return true;
  }

  @Override
  int lookup(byte[] key) {
    int bits = ArrayStore.index(key);
    if (Integer.compareUnsigned(bits, longest()) > 0) {
      return -1;
    }
    for (int i = bits; i >= 0; i--) {
      take(key, i);
      int slot = exact.lookup(prefix);
      if (slot >= 0) {
        return slot;
      }
    }
    return -1;
  }

  @Override
  int update(byte[] key, byte[] value, long flags) {
    if (flags > EXIST || flags < 0 || !take(key, ArrayStore.index(key))) {
      return -EINVAL;
    }
    int result = exact.update(prefix, value, flags);
    return result == -E2BIG ? -ENOSPC : result;
  }

  @Override
  int delete(byte[] key) {
    return take(key, ArrayStore.index(key)) ? exact.delete(prefix) : -EINVAL;
  }
}
