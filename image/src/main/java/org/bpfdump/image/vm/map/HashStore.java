// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.map;

import static org.bpfdump.image.vm.helper.Errno.E2BIG;
import static org.bpfdump.image.vm.helper.Errno.EEXIST;
import static org.bpfdump.image.vm.helper.Errno.EINVAL;
import static org.bpfdump.image.vm.helper.Errno.ENOENT;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.bpfdump.spec.MapSpec;

/**
 * Values by key. A value that replaces another goes to a slot of its own, so that a program that
 * still points to the other one does not see it change. Source: kernel/bpf/hashtab.c.
 */
final class HashStore extends Store {
  private static final int NONE = -1;

  private final int most;
  private final boolean evicts;
  private int[] buckets = new int[16];
  private int[] next = new int[16];

  /** By slot: whether it is in use, and, where old ones are evicted, used of late. */
  private byte[] state = new byte[16];

  private int slots;
  private int count;
  private int free = NONE;
  private int hand;

  /**
   * @param evicts whether one that was not used of late makes room for a new one
   */
  HashStore(MapSpec spec, int copies, boolean evicts, AtomicLong taken) {
    super(
        spec,
        new Values(
            rounded(spec.keySize()) + (long) rounded(spec.valueSize()) * copies,
            // One more than there can be: a value is replaced before it is given back.
            Integer.toUnsignedLong(spec.maxEntries()) + 1,
            taken),
        rounded(spec.keySize()),
        copies);
    most = spec.maxEntries();
    this.evicts = evicts;
    Arrays.fill(buckets, NONE);
  }

  @Override
  int count() {
    return count;
  }

  private int bucket(byte[] key, int offset) {
    int hash = 0;
    for (int i = 0; i < spec().keySize(); i++) {
      hash = 31 * hash + key[offset + i];
    }
    hash *= 0x9E3779B9;
    return (hash ^ hash >>> 16) & (buckets.length - 1);
  }

  @Override
  int lookup(byte[] key) {
    int size = spec().keySize();
    for (int slot = buckets[bucket(key, 0)]; slot != NONE; slot = next[slot]) {
      int start = start(slot);
      if (Arrays.equals(bytes(slot), start, start + size, key, 0, size)) {
        state[slot] = 2;
        return slot;
      }
    }
    return NONE;
  }

  @Override
  int update(byte[] key, byte[] value, long flags) {
    if ((flags & ~LOCK) > EXIST || flags < 0) {
      return -EINVAL;
    }
    int old = lookup(key);
    if (old != NONE && (flags & ~LOCK) == NOEXIST) {
      return -EEXIST;
    }
    if (old == NONE && (flags & ~LOCK) == EXIST) {
      return -ENOENT;
    }
    if (old != NONE && copies() > 1) {
      put(old, value, false);
      return 0;
    }
    if (old == NONE && count == most) {
      if (!evicts) {
        return -E2BIG;
      }
      remove(coldest());
    }
    int slot = take();
    System.arraycopy(key, 0, bytes(slot), start(slot), spec().keySize());
    put(slot, value, true);
    if (old != NONE) {
      remove(old);
    }
    if (count >= buckets.length) {
      grow();
    }
    link(slot);
    count++;
    state[slot] = 1;
    return 0;
  }

  @Override
  int delete(byte[] key) {
    int slot = lookup(key);
    if (slot == NONE) {
      return -ENOENT;
    }
    remove(slot);
    return 0;
  }

  @Override
  int next(int slot) {
    for (int i = slot; i < slots; i++) {
      if (state[i] != 0) {
        return i;
      }
    }
    return NONE;
  }

  /** A slot that is not in use. */
  private int take() {
    if (free != NONE) {
      int slot = free;
      free = next[slot];
      return slot;
    }
    int slot = slots;
    bytes(slot); // throws when there is no room
    if (slot == next.length) {
      next = Arrays.copyOf(next, 2 * slot);
      state = Arrays.copyOf(state, 2 * slot);
    }
    slots++;
    return slot;
  }

  private void link(int slot) {
    int bucket = bucket(bytes(slot), start(slot));
    next[slot] = buckets[bucket];
    buckets[bucket] = slot;
  }

  /** Chains are searched for the slot itself: a program may have written over its key. */
  private void remove(int slot) {
    boolean found = unlink(bucket(bytes(slot), start(slot)), slot);
    for (int i = 0; !found && i < buckets.length; i++) {
      found = unlink(i, slot);
    }
    state[slot] = 0;
    count--;
    next[slot] = free;
    free = slot;
  }

  private boolean unlink(int bucket, int slot) {
    int before = NONE;
    for (int at = buckets[bucket]; at != NONE; at = next[at]) {
      if (at == slot) {
        if (before == NONE) {
          buckets[bucket] = next[slot];
        } else {
          next[before] = next[slot];
        }
        return true;
      }
      before = at;
    }
    return false;
  }

  private void grow() {
    buckets = new int[2 * buckets.length];
    Arrays.fill(buckets, NONE);
    for (int i = 0; i < slots; i++) {
      if (state[i] != 0) {
        link(i);
      }
    }
  }

  /** The next one that was not used since the hand went over it last. */
  private int coldest() {
    for (int i = 0; i < 2 * slots; i++) {
      hand = hand + 1 < slots ? hand + 1 : 0;
      if (state[hand] == 1) {
        return hand;
      }
      if (state[hand] == 2) {
        state[hand] = 1;
      }
    }
    return next(0);
  }
}
