// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.bpf;

import org.bpfdump.error.RequestException;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Snapshot;

/**
 * Copies values of a map as iterators show them: of a map with values for each CPU, those of all
 * possible CPUs, one after the other.
 */
final class Copies {
  /** Bytes of a key or a value; the kernel takes larger ones in arrays, which nobody has. */
  private static final long MOST = 1 << 26;

  private final Snapshot snapshot;
  private final VirtualMemory memory;
  private final KernelMap map;

  Copies(KernelMap map, Snapshot snapshot, VirtualMemory memory) {
    this.map = map;
    this.snapshot = snapshot;
    this.memory = memory;
  }

  /**
   * Refuses a map whose sizes cannot be.
   *
   * @throws RequestException when it has keys or values that are too large, or none
   */
  static void requireCopyable(KernelMap map, Snapshot snapshot) {
    long value = map.isPerCpu() ? map.stride() * possible(snapshot) : map.valueSize();
    if (map.keySize() < 1 || map.keySize() > MOST || value < 1 || value > MOST) {
      throw new RequestException(
          "map "
              + map.id()
              + " has keys of "
              + map.keySize()
              + " and values of "
              + value
              + " bytes, which bpfdump cannot show: is the image broken?");
    }
  }

  private static int possible(Snapshot snapshot) {
    int possible = 0;
    for (int cpu = 0; cpu < snapshot.cpus(); cpu++) {
      possible += isPossible(snapshot, cpu) ? 1 : 0;
    }
    return possible;
  }

  /** The machine of a kernel for one processor has no offsets. */
  private static boolean isPossible(Snapshot snapshot, int cpu) {
    return snapshot.perCpuOffset(cpu) != 0 || snapshot.cpus() == 1;
  }

  /** Bytes of a copy. */
  int size() {
    return (int) (map.isPerCpu() ? map.stride() * possible(snapshot) : map.valueSize());
  }

  /**
   * Copies.
   *
   * @param value its address, or the per-CPU pointer to it
   * @throws org.bpfdump.error.MemoryFaultException when not all of it is in memory
   */
  void copy(long value, byte[] into) {
    if (!map.isPerCpu()) {
      memory.read(value, into, 0, into.length);
      return;
    }
    int stride = (int) map.stride();
    int at = 0;
    for (int cpu = 0; cpu < snapshot.cpus(); cpu++) {
      if (isPossible(snapshot, cpu)) {
        memory.read(value + snapshot.perCpuOffset(cpu), into, at, stride);
        at += stride;
      }
    }
  }
}
