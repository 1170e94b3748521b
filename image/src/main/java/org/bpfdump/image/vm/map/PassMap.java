// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.map;

import static org.bpfdump.image.vm.helper.Errno.EOPNOTSUPP;

import java.util.Arrays;
import org.bpfdump.error.ProgramException;
import org.bpfdump.image.vm.Engine;
import org.bpfdump.image.vm.Machine;
import org.bpfdump.image.vm.ProgramMemory;
import org.bpfdump.spec.MapContents;
import org.bpfdump.spec.MapSpec;

/** A map as one pass sees it: its values have addresses in the pass's memory. Of one thread. */
public final class PassMap {
  /** {@code BPF_F_RDONLY_PROG}. */
  private static final int READ_ONLY = 1 << 7;

  private final MapTable table;
  private final int index;
  private final long handle;
  private final Store store;
  private final ProgramMemory memory;

  /** The addresses of blocks; 0 where a block has none yet. */
  private final long[] blocks;

  private final byte[] key;
  private final byte[] value;

  PassMap(MapTable table, int index, long handle, Store store, ProgramMemory memory) {
    this.table = table;
    this.index = index;
    this.handle = handle;
    this.store = store;
    this.memory = memory;
    blocks = new long[store.values().blocks()];
    key = new byte[Math.max(Long.BYTES, store.spec().keySize())];
    value = new byte[store.spec().valueSize()];
  }

  /** What it is like. */
  public MapSpec spec() {
    return store.spec();
  }

  /** Its index in the program's list. */
  public int index() {
    return index;
  }

  /** Its own address. */
  public long handle() {
    return handle;
  }

  boolean isData() {
    return store instanceof ArrayStore && spec().maxEntries() == 1 && store.copies() == 1;
  }

  /** Whether its value is one that nobody changes. */
  boolean isConstant() {
    boolean frozen =
        switch (spec().contents()) {
          case MapContents.Data data -> data.frozen();
          case MapContents.Kconfig _ -> true;
          case MapContents.Empty _, MapContents.Slots _ -> false;
        };
    return frozen && isData() && (spec().flags() & READ_ONLY) != 0;
  }

  /** What some bytes of its only value hold, unsigned. */
  long load(int offset, int size) {
    byte[] bytes = store.bytes(0);
    long value = 0;
    for (int i = size - 1; i >= 0; i--) {
      value = value << Byte.SIZE | (bytes[store.start(0) + offset + i] & 0xFF);
    }
    return value;
  }

  Engine.Prepared program(int slot) {
    return store instanceof SlotStore slots ? slots.program(slot) : null;
  }

  /** The address of the value of a slot: of the first CPU, where there are several. */
  long value(int slot) {
    return slot(slot) + store.valueOffset();
  }

  private long slot(int slot) {
    int block = store.values().block(slot);
    if (blocks[block] == 0) {
      boolean writable = (spec().flags() & READ_ONLY) == 0;
      blocks[block] = memory.add(store.values().bytes(block), writable);
    }
    return blocks[block] + store.values().offset(slot);
  }

  private void takeKey(Machine machine, long address) {
    if (machine.read(address, key, 0, spec().keySize()) != 0) {
      throw new ProgramException(
          "no key of map " + spec().name() + " at 0x" + Long.toHexString(address));
    }
  }

  private void takeValue(Machine machine, long address) {
    if ((spec().flags() & READ_ONLY) != 0) {
      throw new ProgramException("map " + spec().name() + " is read-only for programs");
    }
    if (machine.read(address, value, 0, value.length) != 0) {
      throw new ProgramException(
          "no value of map " + spec().name() + " at 0x" + Long.toHexString(address));
    }
  }

  /** The address of a key's value, or 0: as {@code bpf_map_lookup_elem}. */
  public long lookup(Machine machine, long keyAddress) {
    return lookup(machine, keyAddress, 0);
  }

  /** The same for one CPU's copy. */
  public long lookup(Machine machine, long keyAddress, int cpu) {
    takeKey(machine, keyAddress);
    if (cpu < 0 || cpu >= store.copies()) {
      return 0;
    }
    synchronized (store) {
      if (store instanceof SlotStore slots) {
        int map = slots.map(key);
        return map < 0 ? 0 : table.handle(map);
      }
      int slot = store.lookup(key);
      return slot < 0 ? 0 : value(slot) + (long) cpu * Store.rounded(spec().valueSize());
    }
  }

  /** As {@code bpf_map_update_elem}. */
  public long update(Machine machine, long keyAddress, long valueAddress, long flags) {
    takeKey(machine, keyAddress);
    takeValue(machine, valueAddress);
    synchronized (store) {
      return store.update(key, value, flags);
    }
  }

  /** As {@code bpf_map_delete_elem}. */
  public long delete(Machine machine, long keyAddress) {
    takeKey(machine, keyAddress);
    synchronized (store) {
      return store.delete(key);
    }
  }

  /** How many elements it has, where the kernel counts them: in a hash table. */
  public long count() {
    synchronized (store) {
      return isStorage() ? 0 : store.count();
    }
  }

  /** As {@code bpf_map_push_elem}. */
  public long push(Machine machine, long valueAddress, long flags) {
    takeValue(machine, valueAddress);
    synchronized (store) {
      return store.push(value, flags);
    }
  }

  /** Whether it is a ring buffer. */
  public boolean isRing() {
    return store instanceof RingStore;
  }

  /** Whether it keeps values for objects of the kernel. */
  public boolean isStorage() {
    return switch (spec().type()) {
      case MapType.SK_STORAGE, MapType.INODE_STORAGE, MapType.TASK_STORAGE, MapType.CGRP_STORAGE ->
          true;
      default -> false;
    };
  }

  /**
   * The address of an object's value; 0 when it has none.
   *
   * @param initial address of the value of an object that has none yet, 0 for zeroes
   * @param create whether it gets one then
   */
  public long storage(Machine machine, long object, long initial, boolean create) {
    takeObject(object);
    synchronized (store) {
      int slot = store.lookup(key);
      if (slot < 0 && create) {
        Arrays.fill(value, (byte) 0);
        if (initial != 0) {
          takeValue(machine, initial);
        }
        slot = store.update(key, value, 0) == 0 ? store.lookup(key) : -1;
      }
      return slot < 0 ? 0 : value(slot);
    }
  }

  /** Takes an object's value away. */
  public long deleteStorage(long object) {
    takeObject(object);
    synchronized (store) {
      return store.delete(key);
    }
  }

  private void takeObject(long object) {
    for (int i = 0; i < Long.BYTES; i++) {
      key[i] = (byte) (object >>> (8 * i));
    }
  }

  /** As {@code bpf_map_pop_elem} and {@code bpf_map_peek_elem}. */
  public long peek(Machine machine, long valueAddress, boolean remove) {
    long result;
    if (store instanceof BloomStore) {
      takeValue(machine, valueAddress); // asks for this value
      synchronized (store) {
        return store.peek(value, false);
      }
    }
    synchronized (store) {
      result = store.peek(value, remove);
    }
    if (result != -EOPNOTSUPP) {
      machine.write(valueAddress, value, 0, value.length);
    }
    return result;
  }

  /**
   * As {@code bpf_for_each_map_elem}: calls a function of the program for each element, until it
   * returns 1.
   *
   * @return how many times it was called, or a negative errno
   */
  public long forEach(Machine machine, long function, long context, long flags) {
    return Iteration.run(machine, this, store, function, context, flags);
  }

  /** The address of an element's key, where it keeps one. */
  long key(int slot) {
    return slot(slot);
  }
}
