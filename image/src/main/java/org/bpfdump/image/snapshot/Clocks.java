// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.util.Optional;
import java.util.OptionalLong;
import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.image.memory.VirtualMemory;

/**
 * The kernel's clocks as they stood at its last tick. Source: kernel/time/timekeeping.c.
 *
 * @param monotonic nanoseconds of {@code CLOCK_MONOTONIC}, the time awake since boot
 * @param boot nanoseconds of {@code CLOCK_BOOTTIME}, the time since boot
 * @param real nanoseconds of {@code CLOCK_REALTIME}, since 1970
 * @param tai nanoseconds of {@code CLOCK_TAI}
 */
public record Clocks(long monotonic, long boot, long real, long tai) {
  /** No more than what a shift of 64 bits can have. */
  private static final long MOST_SHIFT = 63;

  /** Empty when the image does not have them. */
  public static Optional<Clocks> read(Snapshot snapshot) {
    Types types = snapshot.types();
    OptionalLong old = snapshot.find(Root.TK_CORE);
    OptionalLong current = snapshot.find(Root.TIMEKEEPER_DATA);
    if (!types.has("timekeeper")) {
      return Optional.empty();
    }
    long keeper;
    if (types.find("tk_data", "timekeeper").isPresent()
        && (current.isPresent() || old.isPresent())) {
      keeper = types.field("tk_data", "timekeeper").at(current.orElseGet(old::getAsLong));
    } else if (old.isPresent() && types.has("seqcount_raw_spinlock_t")) {
      // A struct without a name that BTF could tell: the lock, then what is aligned to 8.
      keeper = old.getAsLong() + ((types.size("seqcount_raw_spinlock_t") + 7) & ~7);
    } else {
      return Optional.empty();
    }
    try {
      return Optional.of(read(types, snapshot.memory(), keeper));
    } catch (MemoryFaultException e) {
      return Optional.empty();
    }
  }

  private static Clocks read(Types types, VirtualMemory memory, long keeper) {
    String name = "timekeeper";
    long shift = types.field(name, "tkr_mono.shift").get(memory, keeper) & MOST_SHIFT;
    long monotonic =
        types.field(name, "tkr_mono.base").get(memory, keeper)
            + (types.field(name, "tkr_mono.xtime_nsec").get(memory, keeper) >>> shift);
    return new Clocks(
        monotonic,
        monotonic + types.field(name, "offs_boot").get(memory, keeper),
        monotonic + types.field(name, "offs_real").get(memory, keeper),
        monotonic + types.field(name, "offs_tai").get(memory, keeper));
  }
}
