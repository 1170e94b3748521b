// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.bpf;

import java.nio.charset.StandardCharsets;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Types;

/**
 * A map that the kernel of an image has. Source: {@code struct bpf_map} in include/linux/bpf.h.
 *
 * @param address of its {@code struct bpf_map}
 * @param id its id, unsigned
 * @param name as {@code bpftool map} shows it
 * @param type of {@code enum bpf_map_type}
 * @param keySize bytes of a key, unsigned
 * @param valueSize bytes of a value, unsigned
 * @param maxEntries as it was made with, unsigned
 */
public record KernelMap(
    long address, long id, String name, int type, long keySize, long valueSize, long maxEntries) {
  static final int HASH = 1;
  static final int ARRAY = 2;
  static final int PERCPU_HASH = 5;
  static final int PERCPU_ARRAY = 6;
  static final int LRU_HASH = 9;
  static final int LRU_PERCPU_HASH = 10;
  static final int SOCKMAP = 15;
  static final int SOCKHASH = 18;
  static final int SK_STORAGE = 24;

  private static final int NAME = 16;

  /**
   * The map at an address.
   *
   * @throws org.bpfdump.error.MemoryFaultException when it is not in memory
   */
  public static KernelMap at(Types types, VirtualMemory memory, long address) {
    return new KernelMap(
        address,
        types.field("bpf_map", "id").get(memory, address),
        new String(
            memory.string(types.field("bpf_map", "name").at(address), NAME),
            StandardCharsets.UTF_8),
        (int) types.field("bpf_map", "map_type").get(memory, address),
        types.field("bpf_map", "key_size").get(memory, address),
        types.field("bpf_map", "value_size").get(memory, address),
        types.field("bpf_map", "max_entries").get(memory, address));
  }

  /** Whether each CPU has values of its own. */
  public boolean isPerCpu() {
    return type == PERCPU_HASH || type == PERCPU_ARRAY || type == LRU_PERCPU_HASH;
  }

  /** Whether it is a hash table of any kind that {@link HashElements} reads. */
  public boolean isHash() {
    return type == HASH || type == LRU_HASH || type == PERCPU_HASH || type == LRU_PERCPU_HASH;
  }

  /** Whether it is an array of any kind that {@link ArrayElements} reads. */
  public boolean isArray() {
    return type == ARRAY || type == PERCPU_ARRAY;
  }

  /** Bytes of a value, filled up to 8: how far a CPU's value is from the next CPU's. */
  public long stride() {
    return (valueSize + 7) & -8;
  }
}
