// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.util.Optional;
import java.util.OptionalLong;
import org.bpfdump.image.snapshot.Clocks;
import org.bpfdump.image.snapshot.KernelConfig;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Snapshot;

/**
 * How an image's kernel was built: what its own configuration says, if it keeps one, else what
 * VMCOREINFO or its clocks tell. For one thread.
 */
final class Options {
  /** What a kernel can be built with. Source: kernel/Kconfig.hz. */
  private static final int[] TICKS = {100, 250, 300, 1000};

  /** Jiffies wrap so many seconds after boot: {@code INITIAL_JIFFIES}. */
  private static final long WRAP = 300;

  private static final long NANOS = 1_000_000_000;

  private final Snapshot snapshot;

  /** Read when it is first asked for. */
  private Optional<KernelConfig> config;

  Options(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  /** The value of an option, {@code CONFIG_HZ}; empty when it is not set, or nobody knows. */
  Optional<String> option(String name) {
    if (config == null) {
      config = KernelConfig.read(snapshot);
    }
    if (config.isPresent()) {
      return config.get().option(name);
    }
    Optional<String> told = snapshot.vmcoreinfo().text(name);
    return told.isEmpty() && name.equals("CONFIG_HZ") ? ticks() : told;
  }

  /** How often the kernel's clock ticks a second: as jiffies and the time since boot agree on. */
  private Optional<String> ticks() {
    OptionalLong at = snapshot.find(Root.JIFFIES);
    Optional<Clocks> clocks = Clocks.read(snapshot);
    if (at.isEmpty() || clocks.isEmpty()) {
      return Optional.empty();
    }
    long jiffies = snapshot.memory().loadOrZero(at.getAsLong(), Long.BYTES);
    for (int hz : TICKS) {
      long ticks = jiffies - (-WRAP * hz & 0xFFFF_FFFFL);
      long seconds = clocks.get().monotonic() / NANOS;
      if (Math.abs(ticks / hz - seconds) <= 1 + seconds / 20) {
        return Optional.of(Integer.toString(hz));
      }
    }
    return Optional.empty();
  }
}
