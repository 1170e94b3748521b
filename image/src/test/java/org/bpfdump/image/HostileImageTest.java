// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bpfdump.image.memory.RealKdump;
import org.bpfdump.image.memory.SpoiledFile;
import org.bpfdump.image.memory.SpoiledFile.Piece;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.snapshot.Snapshots;
import org.bpfdump.image.vm.Engine;
import org.bpfdump.image.vm.Interpreter;
import org.bpfdump.image.vm.TieredEngine;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Real images that are spoiled where they are read, in either form, are used from their opening to
 * the end of dumps: whatever comes of it is an answer or a documented exception, soon. {@code
 * -Dbpfdump.fuzz=100000} sets how many images, {@code -Dbpfdump.seed=N} the seed of the first one;
 * each has the next one. {@code -Dbpfdump.threads=2} spoils as many at the same time.
 */
class HostileImageTest {
  private static final int IMAGES = Integer.getInteger("bpfdump.fuzz", 160);
  private static final long SEED = Long.getLong("bpfdump.seed", 20200408);
  private static final int THREADS = Integer.getInteger("bpfdump.threads", 1);

  /** How many of the programs each image is used with. */
  private static final int PROGRAMS = 3;

  /** After so many it is told how far the test is. */
  private static final int TOLD = 5000;

  /** Of fewer images, all may be refused. */
  private static final int FEW = 16;

  /** After so many there is no use in going on. */
  private static final int MOST_FAILURES = 20;

  @ParameterizedTest
  @CsvSource({"6.1, ELF, 40", "7.2, ELF, 40", "6.1, kdump, 10", "7.2, kdump, 10"})
  void whateverAnImageHoldsEndsInAnswersOrDocumentedExceptions(
      String kernel, String form, int percent) throws InterruptedException {
    System.out.println("spoiling " + kernel + " as " + form + " with -Dbpfdump.seed=" + SEED);
    Run run = new Run(kernel, form, Math.max(1, IMAGES * percent / 100));
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      threads.add(Thread.ofPlatform().start(run::all));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    run.check();
  }

  /** All images of one kernel in one form. */
  private static final class Run {
    private final String name;
    private final int images;
    private final SpoiledFile sound;
    private final Spoiler spoiler;
    private final List<String> programs;
    private final AtomicLong next = new AtomicLong(SEED);
    private final List<Throwable> failures = new ArrayList<>();
    private int done;
    private long answers;
    private long errors;
    private Duration longest = Duration.ZERO;
    private String slowest = "";

    Run(String kernel, String form, int images) {
      this.images = images;
      name = kernel + " as " + form;
      Snapshot snapshot = TestImages.shared(kernel);
      SpoiledFile elf = SpoiledFile.of(TestImages.file(kernel));
      sound =
          switch (form) {
            case "ELF" -> elf;
            case "kdump" ->
                SpoiledFile.of(
                    kernel.equals("6.1")
                        ? RealKdump.zstd(snapshot.file())
                        : RealKdump.snappy(snapshot.file()));
            default -> throw new IllegalArgumentException(form);
          };
      try (ImageKernel opened = open(elf, new Interpreter())) {
        programs = new WholeUse(_ -> {}).programs(opened);
      }
      // What a step reads is what is spoiled.
      Map<String, Set<Long>> read = framesByStep(elf);
      sound.asked();
      open(sound, new Interpreter()).close();
      spoiler = new Spoiler(new Places(snapshot, read), sound, sound.asked());
    }

    private Map<String, Set<Long>> framesByStep(SpoiledFile elf) {
      Map<Piece, Long> frames = new HashMap<>();
      for (long frame = elf.sound().coverage().end() - 1; frame >= 0; frame--) {
        frames.put(elf.data(frame), frame);
      }
      Map<String, Set<Long>> read = new TreeMap<>();
      elf.asked();
      WholeUse use =
          new WholeUse(step -> {
            Set<Long> mine = new HashSet<>();
            for (Piece piece : elf.asked()) {
              if (frames.containsKey(piece)) {
                mine.add(frames.get(piece));
              }
            }
            read.put(step, mine);
          });
      use.of(() -> open(elf, new Interpreter()), programs, false);
      assertThat(use.errors()).as("errors of a sound image").isZero();
      assertThat(read.get("task")).isNotEmpty();
      return read;
    }

    /** Spoils and uses images, and tells of whatever goes wrong. */
    void all() {
      try {
        spoil();
      } catch (RuntimeException | Error e) {
        failed(e);
      }
    }

    /** Takes one seed after the other, until there is no more. */
    private void spoil() {
      SpoiledFile file = sound.another();
      WholeUse use = new WholeUse(_ -> {});
      Watchdog watchdog = new Watchdog();
      long seed;
      while ((seed = next.getAndIncrement()) < SEED + images) {
        SpoiledFile spoiled = file;
        spoiled.repair();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        Spoiler.Done done = spoiler.spoil(spoiled, random);
        List<String> chosen = chosen(done.step(), random);
        boolean inner = random.nextInt(4) == 0;
        Engine engine = random.nextInt(4) == 0 ? new TieredEngine() : new Interpreter();
        String what = name + ", " + done.what() + ", with -Dbpfdump.seed=" + seed;
        try {
          Duration time =
              watchdog.watch(what, () -> use.of(() -> open(spoiled, engine), chosen, inner));
          took(what, time);
        } catch (AssertionError | InterruptedException e) {
          failed(e);
          // What hangs keeps the thread and the file.
          watchdog.close();
          watchdog = new Watchdog();
          file = sound.another();
        }
      }
      watchdog.close();
      used(use);
    }

    private synchronized void took(String what, Duration time) {
      if (++done % TOLD == 0) {
        System.out.println(done + " of " + images);
      }
      if (time.compareTo(longest) > 0) {
        longest = time;
        slowest = what;
      }
    }

    private synchronized void failed(Throwable e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      System.out.println(trace);
      failures.add(e);
      if (failures.size() >= MOST_FAILURES) {
        next.set(Long.MAX_VALUE / 2);
      }
    }

    private synchronized void used(WholeUse use) {
      answers += use.answers();
      errors += use.errors();
    }

    /** Were all refused at once, or nothing, the test would test nothing. */
    void check() {
      System.out.println(
          images
              + " images, "
              + answers
              + " answers, "
              + errors
              + " errors; "
              + longest
              + " took "
              + slowest);
      AssertionError all = new AssertionError(failures.size() + " failures");
      failures.forEach(all::addSuppressed);
      if (!failures.isEmpty()) {
        throw all;
      }
      if (images >= FEW) {
        assertThat(answers).isGreaterThan(2L * images);
        assertThat(errors).isGreaterThan(images / 4);
      }
    }

    private List<String> chosen(String step, RandomGenerator random) {
      List<String> chosen = new ArrayList<>();
      if (programs.contains(step)) {
        chosen.add(step);
      }
      while (chosen.size() < PROGRAMS) {
        String program = programs.get(random.nextInt(programs.size()));
        // A kernel has more symbols than all else together.
        if (!program.equals("ksym") || random.nextInt(8) == 0) {
          chosen.add(program);
        }
      }
      return chosen;
    }
  }

  private static ImageKernel open(SpoiledFile file, Engine engine) {
    try {
      return ImageKernel.of(Snapshots.open(file.open(), Optional.empty()), engine);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
