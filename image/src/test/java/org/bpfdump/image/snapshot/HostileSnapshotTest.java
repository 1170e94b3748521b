// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.image.TestImages;
import org.bpfdump.image.memory.PhysicalMemory;
import org.bpfdump.image.memory.SpoiledDump;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.testkit.HostileInput;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Spoils the memory of real images where kernels keep what is read first: page tables, VMCOREINFO,
 * symbols, BTF, the log, lists. Whatever comes of it is an answer or a documented exception.
 */
class HostileSnapshotTest {
  private static final int PAGE = PhysicalMemory.PAGE;

  /** Of the inputs that others get in the same time, one in so many. */
  private static final int SHARE = 20;

  private static final List<String> VARIABLES =
      List.of(
          "init_top_pgt",
          "kallsyms_num_syms",
          "kallsyms_names",
          "kallsyms_token_table",
          "kallsyms_token_index",
          "kallsyms_offsets",
          "__start_BTF",
          "__per_cpu_offset",
          "nr_cpu_ids",
          "init_uts_ns",
          "prb",
          "iomem_resource",
          "tk_core",
          "modules",
          "btf_modules");

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void whateverMemoryHoldsEndsInAnAnswerOrADocumentedException(String kernel) {
    Snapshot sound = TestImages.shared(kernel);
    List<Long> frames = frames(sound);
    byte[] note = sound.file().vmcoreinfo().orElseThrow();
    byte[] all = new byte[PAGE * (frames.size() + 1)];
    System.arraycopy(note, 0, all, 0, Math.min(note.length, PAGE));
    for (int i = 0; i < frames.size(); i++) {
      sound.file().memory().page(frames.get(i)).get(0, all, PAGE * (i + 1), PAGE);
    }
    int[] calls = new int[2];
    HostileInput.spoil(
        List.of(all),
        bytes -> {
          if (calls[0]++ % SHARE == 0) {
            calls[1] += read(sound, frames, bytes);
          }
        });
    assertThat(calls[1]).as("answers").isPositive();
  }

  /** The pages that are spoiled: of variables, of what they point to, and of the page tables. */
  private static List<Long> frames(Snapshot snapshot) {
    Set<Long> frames = new LinkedHashSet<>();
    VirtualMemory memory = snapshot.memory();
    for (String variable : VARIABLES) {
      long at = snapshot.symbols().find(variable).orElse(0);
      frame(memory, at, frames);
      if (at != 0) {
        for (int i = 0; i < 4; i++) {
          frame(memory, memory.u64(at + 8L * i), frames);
        }
      }
    }
    long ring = memory.u64(snapshot.symbols().find("prb").orElseThrow());
    for (int i = 0; i < 8; i++) {
      frame(memory, memory.u64(ring + 8L * i), frames);
    }
    for (KernelModule module : snapshot.modules()) {
      frame(memory, module.address(), frames);
      frame(memory, module.address() + PAGE, frames);
    }
    // Two levels of tables under the highest one, of the kernel's map and of the direct one.
    long table = snapshot.symbols().find("init_top_pgt").orElseThrow();
    for (int index : new int[] {511, 273, 0x110 + 0x11}) {
      long upper = memory.u64(table + 8L * index) & 0xF_FFFF_F000L;
      frames.add(upper >>> PhysicalMemory.PAGE_SHIFT);
    }
    frames.removeIf(frame -> snapshot.file().memory().page(frame) == null);
    return List.copyOf(frames);
  }

  private static void frame(VirtualMemory memory, long address, Set<Long> into) {
    long physical = memory.translation().physical(address);
    if (physical >= 0) {
      into.add(physical >>> PhysicalMemory.PAGE_SHIFT);
    }
  }

  private static int read(Snapshot sound, List<Long> frames, byte[] bytes) {
    Map<Long, byte[]> spoiled = new HashMap<>();
    for (int i = 0; i < frames.size(); i++) {
      int from = Math.min(bytes.length, PAGE * (i + 1));
      int length = Math.min(PAGE, bytes.length - from);
      byte[] page = new byte[PAGE];
      System.arraycopy(bytes, from, page, 0, length);
      spoiled.put(frames.get(i), length == 0 ? null : page);
    }
    byte[] note = Arrays.copyOf(bytes, Math.min(bytes.length, PAGE));
    int answers = 0;
    try (Snapshot snapshot =
        Snapshots.open(SpoiledDump.of(sound.file(), note, spoiled), Optional.empty())) {
      for (Runnable question : questions(snapshot)) {
        try {
          question.run();
          answers++;
        } catch (BpfdumpException e) {
          assertThat(e.getMessage()).isNotBlank();
        }
      }
    } catch (BpfdumpException e) {
      assertThat(e.getMessage()).isNotBlank();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return answers;
  }

  private static List<Runnable> questions(Snapshot snapshot) {
    List<Runnable> questions = new ArrayList<>();
    questions.add(() -> symbols(snapshot.symbols()));
    questions.add(() -> snapshot.types().size("task_struct"));
    questions.add(() -> snapshot.perCpuOffset(snapshot.cpus() - 1));
    questions.add(
        () -> new KernelLog(snapshot).forEachRemaining(r -> assertThat(r.text()).isNotNull()));
    questions.add(() -> snapshot.modules().forEach(m -> symbols(m.symbols())));
    questions.add(() -> Resources.memoryBytes(Resources.read(snapshot)));
    questions.add(() -> KernelName.read(snapshot));
    questions.add(() -> CommandLine.read(snapshot));
    questions.add(() -> Clocks.read(snapshot));
    questions.add(() -> Crash.read(snapshot));
    questions.add(() -> Crash.running(snapshot, 1));
    questions.add(() -> KernelConfig.read(snapshot));
    questions.add(() -> snapshot.root(Root.INIT_PID_NS));
    return questions;
  }

  private static void symbols(Symbols symbols) {
    symbols.find("init_task");
    symbols.below(-1);
    int step = 1 + symbols.count() / 1000;
    for (int i = 0; i < symbols.count(); i += step) {
      symbols.name(i);
      symbols.type(i);
      symbols.below(symbols.address(i));
    }
  }
}
