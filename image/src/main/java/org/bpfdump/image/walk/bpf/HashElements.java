// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.bpf;

import java.util.Arrays;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.walk.container.BrokenException;
import org.bpfdump.image.walk.container.BucketCursor;
import org.bpfdump.image.walk.container.ChainCursor;
import org.bpfdump.image.walk.container.Room;

/**
 * The elements of a hash table, by bucket. Source: kernel/bpf/hashtab.c. Its values follow the key
 * at the next 8 bytes. A pointer to values for each CPU did not at first, and in 5.10 does not
 * still: it follows the key at once, which types do not tell.
 */
final class HashElements implements MapElements {
  private final Snapshot snapshot;
  private final VirtualMemory memory;
  private final KernelMap map;
  private final BucketCursor nodes;
  private final ChainCursor candidates;
  private final long buckets;
  private final long count;
  private final int bucketSize;
  private final int seed;
  private final int head;
  private final int link;
  private final Field hash;
  private final Field key;
  private long element;

  HashElements(Snapshot snapshot, VirtualMemory memory, KernelMap map) {
    this.snapshot = snapshot;
    this.memory = memory;
    this.map = map;
    Types types = snapshot.types();
    nodes = new BucketCursor(memory, new Room(snapshot));
    candidates = new ChainCursor(memory);
    head = types.field("bucket", "head").offset();
    link = types.field("htab_elem", "hash_node").offset();
    hash = types.field("htab_elem", "hash");
    key = types.field("htab_elem", "key");
    bucketSize = types.size("bucket");
    long table = map.address() - types.field("bpf_htab", "map").offset();
    buckets = types.field("bpf_htab", "buckets").get(memory, table);
    count = types.field("bpf_htab", "n_buckets").get(memory, table);
    seed = (int) types.field("bpf_htab", "hashrnd").get(memory, table);
    if (Long.bitCount(count) != 1) {
      throw new BrokenException("hash table", table, "has " + count + " buckets");
    }
    nodes.start(buckets + head, count, bucketSize);
  }

  @Override
  public long slots() {
    return count;
  }

  @Override
  public boolean next() {
    long node = nodes.next();
    if (node == 0) {
      return false;
    }
    element = node - link;
    if ((hash.get(memory, element) & (count - 1)) != nodes.bucket()) {
      throw new BrokenException("element", element, "is in a bucket that is not its hash's");
    }
    return true;
  }

  @Override
  public void key(byte[] into) {
    memory.read(key.at(element), into, 0, (int) map.keySize());
  }

  @Override
  public long value() {
    return value(element);
  }

  private long value(long element) {
    long end = key.at(element) + map.keySize();
    long address = key.at(element) + ((map.keySize() + 7) & -8);
    if (!map.isPerCpu()) {
      return address;
    }
    // Where the pointer is aligned, its lower half is the upper one here: that leads nowhere.
    long close = end == address ? 0 : memory.u64(end);
    return close != 0 && leads(close) ? close : memory.u64(address);
  }

  private boolean leads(long pointer) {
    return memory.translation().physical(pointer + snapshot.perCpuOffset(0)) >= 0;
  }

  @Override
  public long find(byte[] wanted) {
    int wantedHash = Jhash.of(wanted, (int) map.keySize(), seed);
    long bucket = wantedHash & (count - 1);
    candidates.start(buckets + head + bucket * bucketSize);
    byte[] found = new byte[(int) map.keySize()];
    for (long node; (node = candidates.next()) != 0; ) {
      if ((int) hash.get(memory, node - link) == wantedHash) {
        memory.read(key.at(node - link), found, 0, found.length);
        if (Arrays.equals(found, 0, found.length, wanted, 0, found.length)) {
          return value(node - link);
        }
      }
    }
    return 0;
  }
}
