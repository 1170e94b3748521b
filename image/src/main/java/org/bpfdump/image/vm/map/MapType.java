// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.map;

import java.util.concurrent.atomic.AtomicLong;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.spec.MapSpec;

/** Numbers of {@code enum bpf_map_type}, and what holds the values of each. */
final class MapType {
  static final int HASH = 1;
  static final int ARRAY = 2;
  static final int PROG_ARRAY = 3;
  static final int PERCPU_HASH = 5;
  static final int PERCPU_ARRAY = 6;
  static final int LRU_HASH = 9;
  static final int LRU_PERCPU_HASH = 10;
  static final int LPM_TRIE = 11;
  static final int ARRAY_OF_MAPS = 12;
  static final int HASH_OF_MAPS = 13;
  static final int QUEUE = 22;
  static final int STACK = 23;
  static final int SK_STORAGE = 24;
  static final int RINGBUF = 27;
  static final int INODE_STORAGE = 28;
  static final int TASK_STORAGE = 29;
  static final int BLOOM_FILTER = 30;
  static final int USER_RINGBUF = 31;
  static final int CGRP_STORAGE = 32;

  /** The kernel's own bound on a key, {@code MAX_BPF_STACK}. */
  private static final int MOST_KEY = 512;

  /** Objects with storage in one map. */
  private static final int MOST_OBJECTS = 1 << 20;

  private MapType() {}

  static Store store(MapSpec spec, int cpus, AtomicLong taken) {
    if (spec.keySize() < 0
        || spec.keySize() > MOST_KEY
        || spec.valueSize() < 0
        || spec.maxEntries() < 0) {
      throw new UnsupportedException(
          "map " + spec.name() + " is larger than bpfdump keeps for an image");
    }
    return switch (spec.type()) {
      case HASH -> new HashStore(spec, 1, false, taken);
      case ARRAY -> new ArrayStore(spec, 1, taken);
      case PROG_ARRAY, ARRAY_OF_MAPS, HASH_OF_MAPS -> new SlotStore(spec, taken);
      case PERCPU_HASH -> new HashStore(spec, cpus, false, taken);
      case PERCPU_ARRAY -> new ArrayStore(spec, cpus, taken);
      case LRU_HASH -> new HashStore(spec, 1, true, taken);
      case LRU_PERCPU_HASH -> new HashStore(spec, cpus, true, taken);
      case LPM_TRIE -> {
        if (spec.keySize() <= 4) {
          throw new UnsupportedException("map " + spec.name() + " has keys without a prefix");
        }
        yield new TrieStore(spec, taken);
      }
      case QUEUE -> new QueueStore(spec, false, taken);
      case STACK -> new QueueStore(spec, true, taken);
      case BLOOM_FILTER -> new BloomStore(spec, taken);
      case RINGBUF, USER_RINGBUF -> new RingStore(spec, taken);
      case SK_STORAGE, INODE_STORAGE, TASK_STORAGE, CGRP_STORAGE ->
          new HashStore(byObject(spec), 1, false, taken);
      default ->
          throw new UnsupportedException(
              "map "
                  + spec.name()
                  + " is of type "
                  + spec.type()
                  + ", which bpfdump does not have for an image");
    };
  }

  /** Local storage: a hash map whose key is the object's address. */
  private static MapSpec byObject(MapSpec spec) {
    return new MapSpec(
        spec.name(),
        spec.type(),
        Long.BYTES,
        spec.valueSize(),
        MOST_OBJECTS,
        spec.flags(),
        spec.numaNode(),
        spec.extra(),
        spec.pinned(),
        spec.keyType(),
        spec.valueType(),
        spec.inner(),
        spec.contents());
  }
}
