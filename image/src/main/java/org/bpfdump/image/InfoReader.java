// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.image.memory.Coverage;
import org.bpfdump.image.memory.DumpFile;
import org.bpfdump.image.memory.PhysicalMemory;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Clocks;
import org.bpfdump.image.snapshot.Crash;
import org.bpfdump.image.snapshot.KernelConfig;
import org.bpfdump.image.snapshot.KernelModule;
import org.bpfdump.image.snapshot.KernelName;
import org.bpfdump.image.snapshot.Resources;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.snapshot.Types;

/** Puts together what an image says of its machine. What it does not say is left out. */
final class InfoReader {
  private static final int LONGEST_NAME = 16;

  private final Snapshot snapshot;
  private final DumpFile file;
  private final List<String> missing = new ArrayList<>();

  private InfoReader(Snapshot snapshot) {
    this.snapshot = snapshot;
    this.file = snapshot.file();
  }

  static ImageInfo read(Snapshot snapshot) {
    return new InfoReader(snapshot).read();
  }

  private ImageInfo read() {
    String release = snapshot.vmcoreinfo().text("OSRELEASE").orElse("");
    KernelName name = get(() -> KernelName.read(snapshot), new KernelName(release, "", "", ""));
    Optional<Clocks> clocks = get(() -> Clocks.read(snapshot), Optional.empty());
    Crash crash = get(() -> Crash.read(snapshot), new Crash(Optional.empty(), OptionalInt.empty()));
    Coverage coverage = file.coverage();
    long memory = get(() -> Resources.memoryBytes(Resources.read(snapshot)), 0L);
    long pages = Math.max(coverage.machine(), memory / PhysicalMemory.PAGE);
    lacks();
    return new ImageInfo(
        file.format(),
        name.release(),
        name.version(),
        name.machine().isEmpty() ? file.architecture() : name.machine(),
        name.host(),
        get(this::online, 0),
        memory == 0 ? coverage.machine() * PhysicalMemory.PAGE : memory,
        coverage.present(),
        pages - coverage.present(),
        clocks.map(c -> Duration.ofNanos(Math.max(0, c.boot()))),
        clocks.map(c -> Instant.EPOCH.plusNanos(c.real())),
        crash.message(),
        crash.cpu().isPresent()
            ? get(() -> task(crash.cpu().getAsInt()), Optional.empty())
            : Optional.empty(),
        missing);
  }

  /** What is read, or something else where the image does not have it. */
  private static <T> T get(Supplier<T> read, T otherwise) {
    try {
      return read.get();
    } catch (BpfdumpException e) {
      return otherwise;
    }
  }

  /**
   * How many CPUs ran; those that there is room for when the image does not say. One that panics
   * takes the others off line, but not out of those that tasks may run on.
   */
  private int online() {
    int room = snapshot.cpus();
    OptionalLong mask = snapshot.find(Root.CPU_ONLINE_MASK);
    if (mask.isEmpty()) {
      return room;
    }
    VirtualMemory memory = snapshot.memory();
    OptionalLong active = snapshot.find(Root.CPU_ACTIVE_MASK);
    int online = 0;
    for (int cpu = 0; cpu < room; cpu += Long.SIZE) {
      long bits = memory.u64(mask.getAsLong() + cpu / 8);
      if (active.isPresent()) {
        bits |= memory.loadOrZero(active.getAsLong() + cpu / 8, Long.BYTES);
      }
      int used = Math.min(Long.SIZE, room - cpu);
      online += Long.bitCount(used == Long.SIZE ? bits : bits & ((1L << used) - 1));
    }
    return online;
  }

  private Optional<ImageInfo.PanickedTask> task(int cpu) {
    OptionalLong task = Crash.running(snapshot, cpu);
    if (task.isEmpty()) {
      return Optional.empty();
    }
    Types types = snapshot.types();
    VirtualMemory memory = snapshot.memory();
    byte[] comm =
        memory.string(types.field("task_struct", "comm").at(task.getAsLong()), LONGEST_NAME);
    return Optional.of(
        new ImageInfo.PanickedTask(
            (int) types.field("task_struct", "pid").get(memory, task.getAsLong()),
            new String(comm, StandardCharsets.UTF_8),
            cpu));
  }

  private void lacks() {
    Coverage coverage = file.coverage();
    if (coverage.cut() > 0) {
      missing.add(
          coverage.cut() + " pages that the file should have: it is cut off; copy it once more");
    } else if (coverage.incomplete()) {
      missing.add("the end: who wrote the file noted that there was no room for it");
    }
    if (snapshot.symbols().count() == 0) {
      missing.add(
          "symbols: give those of its kernel with --symbols System.map or --symbols vmlinux");
    }
    if (get(() -> KernelConfig.read(snapshot), Optional.empty()).isEmpty()) {
      missing.add(
          "its configuration, which this kernel does not keep: programs find no option set");
    }
    List<String> untyped = new ArrayList<>();
    for (KernelModule module : get(snapshot::modules, List.<KernelModule>of())) {
      if (module.btf().isEmpty()) {
        untyped.add(module.name());
      }
    }
    if (!untyped.isEmpty()) {
      missing.add("types of modules: " + String.join(", ", untyped));
    }
  }
}
