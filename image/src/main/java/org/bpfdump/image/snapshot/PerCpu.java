// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.util.OptionalLong;
import org.bpfdump.error.MalformedException;
import org.bpfdump.image.memory.VirtualMemory;

/**
 * Where each CPU's copy of per-CPU data is. A kernel for one processor has one copy, at the
 * variables' own addresses. Source: include/asm-generic/percpu.h, kernel/cpu.c.
 */
final class PerCpu {
  /** More CPUs than a kernel can be built for. */
  private static final int MOST = 1 << 13;

  private final long[] offsets;

  private PerCpu(long[] offsets) {
    this.offsets = offsets;
  }

  static PerCpu read(VirtualMemory memory, Symbols symbols) {
    OptionalLong table = symbols.find("__per_cpu_offset");
    if (table.isEmpty()) {
      return new PerCpu(new long[1]);
    }
    OptionalLong possible = symbols.find("__cpu_possible_mask");
    OptionalLong count = symbols.find("nr_cpu_ids");
    long cpus = 0;
    if (count.isPresent()) {
      cpus = memory.u32(count.getAsLong());
    } else if (possible.isPresent()) {
      // A kernel built for a fixed number of CPUs has no such variable: up to the last possible
      // one.
      cpus = last(memory, possible.getAsLong()) + 1L;
    }
    if (cpus < 1 || cpus > MOST) {
      throw new MalformedException("the image's kernel would have " + cpus + " CPUs", -1);
    }
    long[] offsets = new long[(int) cpus];
    for (int cpu = 0; cpu < offsets.length; cpu++) {
      if (possible.isEmpty() || isSet(memory, possible.getAsLong(), cpu)) {
        offsets[cpu] = memory.u64(table.getAsLong() + 8L * cpu);
      }
    }
    return new PerCpu(offsets);
  }

  private static int last(VirtualMemory memory, long mask) {
    int last = 0;
    for (int cpu = 0; cpu < MOST; cpu += Byte.SIZE) {
      long bits = memory.loadOrZero(mask + cpu / Byte.SIZE, 1);
      if (bits != 0) {
        last = cpu + Long.SIZE - 1 - Long.numberOfLeadingZeros(bits);
      }
    }
    return last;
  }

  private static boolean isSet(VirtualMemory memory, long mask, int cpu) {
    return (memory.u8(mask + cpu / Byte.SIZE) >> (cpu % Byte.SIZE) & 1) != 0;
  }

  int cpus() {
    return offsets.length;
  }

  long offset(int cpu) {
    return cpu >= 0 && cpu < offsets.length ? offsets[cpu] : 0;
  }
}
