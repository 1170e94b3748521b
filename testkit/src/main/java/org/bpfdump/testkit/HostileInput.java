// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.testkit;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Gives a reader inputs that were sound and are spoiled, one after the other, and fails when one
 * takes it longer than a second of processor time or more than 256 MB, or when it throws. What it
 * may throw the reader catches itself. {@code -Dbpfdump.fuzz=200000} sets how many, {@code
 * -Dbpfdump.seed=N} which; the seed is printed.
 */
public final class HostileInput {
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final long MUCH_MEMORY = 256L << 20;
  private static final long SEED = Long.getLong("bpfdump.seed", 20200408);
  private static final int COUNT = Integer.getInteger("bpfdump.fuzz", 2000);

  private HostileInput() {}

  /** How many inputs a reader gets. */
  public static int count() {
    return COUNT;
  }

  /** Spoils sound inputs and has each read. */
  public static void spoil(List<byte[]> sound, Consumer<byte[]> reader) {
    System.out.println("spoiling with -Dbpfdump.seed=" + SEED);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Mutator mutator = new Mutator(SEED);
    for (int i = 0; i < COUNT; i++) {
      byte[] spoiled = mutator.mutate(sound.get(mutator.pick(sound.size())));
      String which = "input " + i + " of seed " + SEED;
      long memory = threads.getCurrentThreadAllocatedBytes();
      long start = threads.getCurrentThreadCpuTime();
      try {
        reader.accept(spoiled);
      } catch (RuntimeException | Error e) {
        throw new AssertionError(which, e);
      }
      Duration time = Duration.ofNanos(threads.getCurrentThreadCpuTime() - start);
      if (time.compareTo(SOON) > 0) {
        throw new AssertionError(which + " took " + time);
      }
      memory = threads.getCurrentThreadAllocatedBytes() - memory;
      if (memory > MUCH_MEMORY) {
        throw new AssertionError(which + " took " + memory + " bytes");
      }
    }
  }
}
