// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.image.LogRecord;
import org.bpfdump.image.memory.VirtualMemory;

/**
 * How a kernel ended, if it did: an image may also be a snapshot of one that was well.
 *
 * @param message why it panicked, as its log has it
 * @param cpu the CPU that panicked or crashed
 */
public record Crash(Optional<String> message, OptionalInt cpu) {
  private static final String PANIC = "Kernel panic - not syncing: ";

  /** How the log begins to tell of a crash that came before a panic, or instead of one. */
  private static final String[] CRASHES = {
    "BUG: ", "kernel BUG at ", "Oops: ", "general protection fault", "sysrq: Trigger a crash"
  };

  /** What the image tells of it. */
  public static Crash read(Snapshot snapshot) {
    VirtualMemory memory = snapshot.memory();
    OptionalInt cpu = cpu(memory, snapshot, Root.PANIC_CPU);
    if (cpu.isEmpty()) {
      cpu = cpu(memory, snapshot, Root.CRASHING_CPU);
    }
    return new Crash(message(snapshot, cpu.isPresent()), cpu);
  }

  /** Both are -1 in a kernel that is well. */
  private static OptionalInt cpu(VirtualMemory memory, Snapshot snapshot, Root root) {
    OptionalLong at = snapshot.find(root);
    int cpu = at.isPresent() ? (int) memory.loadOrZero(at.getAsLong(), 4) : -1;
    boolean read = at.isPresent() && memory.copy(at.getAsLong(), new byte[4], 0, 4) == 4;
    return read && cpu >= 0 && cpu < snapshot.cpus() ? OptionalInt.of(cpu) : OptionalInt.empty();
  }

  private static Optional<String> message(Snapshot snapshot, boolean crashed) {
    String panic = null;
    String crash = null;
    try {
      KernelLog log = new KernelLog(snapshot);
      while (log.hasNext()) {
        LogRecord record = log.next();
        String text = record.text();
        if (text.startsWith(PANIC)) {
          panic = text.substring(PANIC.length());
        }
        for (String start : CRASHES) {
          if (text.startsWith(start)) {
            crash = text;
          }
        }
      }
    } catch (BpfdumpException e) {
      // No log, no message.
    }
    return Optional.ofNullable(panic == null && crashed ? crash : panic);
  }

  /**
   * The address of the {@code struct task_struct} that runs on a CPU; empty when the image does not
   * tell.
   */
  public static OptionalLong running(Snapshot snapshot, int cpu) {
    OptionalLong hot = snapshot.find(Root.PCPU_HOT);
    OptionalLong current = snapshot.find(Root.CURRENT_TASK);
    Optional<Field> inside = snapshot.types().find("pcpu_hot", "current_task");
    OptionalLong at =
        hot.isPresent() && inside.isPresent()
            ? OptionalLong.of(inside.get().at(hot.getAsLong()))
            : current;
    if (at.isEmpty()) {
      return at;
    }
    try {
      return OptionalLong.of(snapshot.memory().u64(at.getAsLong() + snapshot.perCpuOffset(cpu)));
    } catch (MemoryFaultException e) {
      return OptionalLong.empty();
    }
  }
}
