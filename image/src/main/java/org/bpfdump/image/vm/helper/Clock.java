// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import java.util.OptionalLong;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.vm.Machine;

/**
 * The time at which the kernel stood still: of its last tick. 0 where the image does not tell.
 * Source: kernel/time/timekeeping.c.
 */
final class Clock {
  /**
   * Until 6.12 a struct without a name: a counter, and the timekeeper at the next multiple of 8.
   */
  private static final int AFTER_COUNTER = 8;

  private final long monotonic;
  private final long boot;
  private final long tai;
  private final long jiffies;

  Clock(Snapshot snapshot, VirtualMemory memory) {
    Types types = snapshot.types();
    OptionalLong core = snapshot.find(Root.TK_CORE);
    if (core.isEmpty()) {
      core = snapshot.find(Root.TIMEKEEPER_DATA);
    }
    OptionalLong ticks = snapshot.find(Root.JIFFIES);
    jiffies = ticks.isPresent() ? memory.loadOrZero(ticks.getAsLong(), 8) : 0;
    if (core.isEmpty() || types.find("timekeeper", "tkr_mono").isEmpty()) {
      monotonic = 0;
      boot = 0;
      tai = 0;
      return;
    }
    long keeper =
        core.getAsLong()
            + types.find("tk_data", "timekeeper").map(f -> f.offset()).orElse(AFTER_COUNTER);
    long mono = types.field("timekeeper", "tkr_mono").at(keeper);
    long base = load(memory, types, "tk_read_base", "base", mono);
    long part = load(memory, types, "tk_read_base", "xtime_nsec", mono);
    monotonic = base + (part >>> load(memory, types, "tk_read_base", "shift", mono));
    boot = monotonic + load(memory, types, "timekeeper", "offs_boot", keeper);
    tai = monotonic + load(memory, types, "timekeeper", "offs_tai", keeper);
  }

  private static long load(
      VirtualMemory memory, Types types, String struct, String member, long at) {
    return types
        .find(struct, member)
        .map(f -> memory.loadOrZero(f.at(at), Math.min(8, f.size())))
        .orElse(0L);
  }

  static long monotonic(Machine m, long r1, long r2, long r3, long r4, long r5) {
    return m.helpers().clock(m).monotonic;
  }

  static long boot(Machine m, long r1, long r2, long r3, long r4, long r5) {
    return m.helpers().clock(m).boot;
  }

  static long tai(Machine m, long r1, long r2, long r3, long r4, long r5) {
    return m.helpers().clock(m).tai;
  }

  static long jiffies(Machine m, long r1, long r2, long r3, long r4, long r5) {
    return m.helpers().clock(m).jiffies;
  }
}
