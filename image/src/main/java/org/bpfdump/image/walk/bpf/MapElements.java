// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.bpf;

import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Snapshot;

/** The elements of a map of an image's kernel, in the order in which the kernel walks them. */
public sealed interface MapElements permits HashElements, ArrayElements {
  /**
   * Before the first element of a map.
   *
   * @throws UnsupportedException when the map is neither an array nor a hash table
   * @throws org.bpfdump.error.MemoryFaultException when what tells where its elements are is not in
   *     memory
   * @throws org.bpfdump.image.walk.container.BrokenException when it cannot be so
   */
  static MapElements of(Snapshot snapshot, VirtualMemory memory, KernelMap map) {
    if (map.isHash()) {
      return new HashElements(snapshot, memory, map);
    }
    if (map.isArray()) {
      return new ArrayElements(snapshot.types(), memory, map);
    }
    throw new UnsupportedException(
        "map " + map.id() + " is of type " + map.type() + ", whose elements bpfdump cannot read");
  }

  /** How many slots, of elements or of buckets, there are to look into; unsigned. */
  long slots();

  /**
   * Goes to the next element.
   *
   * @return false at the end, and ever after
   * @throws org.bpfdump.error.MemoryFaultException when something is not in memory; the next call
   *     goes on after it
   * @throws org.bpfdump.image.walk.container.BrokenException when something is broken; likewise
   */
  boolean next();

  /** Copies the element's key; throws as {@link #next}. */
  void key(byte[] into);

  /**
   * The address of the element's value; in a map with values for each CPU, the per-CPU pointer to
   * them. Throws as {@link #next}.
   */
  long value();

  /**
   * Looks up the value of a key, without moving.
   *
   * @return as {@link #value}; 0 when there is no such element
   * @throws org.bpfdump.error.MemoryFaultException when something is not in memory
   * @throws org.bpfdump.image.walk.container.BrokenException when something is broken
   */
  long find(byte[] key);
}
