// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bpfdump.image.memory.DumpFile;
import org.bpfdump.image.memory.RealKdump;
import org.bpfdump.image.memory.SpoiledDump;
import org.bpfdump.image.snapshot.Snapshots;
import org.bpfdump.image.vm.Engine;
import org.bpfdump.image.vm.Interpreter;
import org.bpfdump.image.vm.TieredEngine;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real images that are spoiled are used from their opening to the end of dumps: whatever comes of
 * it is an answer or a documented exception, soon. {@code -Dbpfdump.fuzz=20000} sets how many
 * images, {@code -Dbpfdump.seed=N} the seed of the first one; each has the next one.
 */
class HostileImageTest {
  private static final int IMAGES = Integer.getInteger("bpfdump.fuzz", 320) / 4;
  private static final long SEED = Long.getLong("bpfdump.seed", 20200408);

  /** How many of the programs each image is used with. */
  private static final int PROGRAMS = 3;

  private final WholeUse use = new WholeUse(_ -> {});

  private static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void whateverMemoryHoldsEndsInAnswersOrDocumentedExceptions(String image)
      throws InterruptedException {
    System.out.println("spoiling " + image + " with -Dbpfdump.seed=" + SEED);
    DumpFile sound = TestImages.shared(image).file();
    byte[] note = sound.vmcoreinfo().orElseThrow();
    SpoiledPages memory = new SpoiledPages(sound.memory());
    // What a step reads is what spoils it.
    Map<String, List<Long>> areas = new TreeMap<>();
    WholeUse first = new WholeUse(step -> areas.put(step, memory.touched()));
    first.of(() -> open(sound, note, memory, new Interpreter()), first.programs());
    areas.values().removeIf(List::isEmpty);
    assertThat(areas).containsKeys("open", "btf", "info", "log", "task", "tcp");
    assertThat(first.errors()).isZero();
    List<String> names = List.copyOf(areas.keySet());
    try (Watchdog watchdog = new Watchdog()) {
      for (long seed = SEED; seed < SEED + IMAGES; seed++) {
        RandomGenerator random = random(seed);
        memory.repair();
        String area = names.get(random.nextInt(names.size()));
        for (int i = 1 << random.nextInt(7); i > 0; i--) {
          memory.spoil(areas.get(area), random);
        }
        byte[] text = random.nextInt(16) == 0 ? spoil(note, random) : note;
        Engine engine = random.nextBoolean() ? new Interpreter() : new TieredEngine();
        watchdog.watch(
            "image " + image + " spoiled in " + area + " with -Dbpfdump.seed=" + seed,
            () -> use.of(() -> open(sound, text, memory, engine), chosen(area, random)));
      }
    }
    assertTried(IMAGES);
  }

  private static ImageKernel open(DumpFile sound, byte[] note, SpoiledPages memory, Engine engine) {
    try {
      return ImageKernel.of(
          Snapshots.open(SpoiledDump.of(sound, note, memory), Optional.empty()), engine);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] spoil(byte[] note, RandomGenerator random) {
    byte[] spoiled = note.clone();
    for (int i = 1 << random.nextInt(5); i > 0; i--) {
      spoiled[random.nextInt(spoiled.length)] = (byte) (' ' + random.nextInt(95));
    }
    return spoiled;
  }

  private List<String> chosen(String area, RandomGenerator random) {
    List<String> all = use.programs();
    List<String> chosen = new ArrayList<>();
    if (all.contains(area)) {
      chosen.add(area);
    }
    while (chosen.size() < PROGRAMS) {
      chosen.add(all.get(random.nextInt(all.size())));
    }
    return chosen;
  }

  /** Were all refused at once, or nothing, the test would test nothing. */
  private void assertTried(int images) {
    assertThat(use.answers()).isGreaterThan(2 * images);
    assertThat(use.errors()).isGreaterThan(images / 4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ELF", "kdump"})
  void whateverAFileHoldsEndsInAnswersOrDocumentedExceptions(String format, @TempDir Path directory)
      throws IOException, InterruptedException {
    System.out.println("spoiling " + format + " files with -Dbpfdump.seed=" + SEED);
    DumpFile image = TestImages.shared("6.1").file();
    byte[] sound =
        format.equals("ELF") ? Files.readAllBytes(TestImages.file("6.1")) : RealKdump.of(image);
    // Unpacking takes longer than reading.
    int images = format.equals("ELF") ? IMAGES : IMAGES / 10;
    Path file = Files.write(directory.resolve("image"), sound);
    try (Watchdog watchdog = new Watchdog();
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (long seed = SEED; seed < SEED + images; seed++) {
        RandomGenerator random = random(seed);
        List<Integer> places = new ArrayList<>();
        // The first pages have headers; behind them is what leads to pages, and pages.
        int end = random.nextBoolean() ? RealKdump.HEADERS : sound.length;
        for (int i = 1 << random.nextInt(end == sound.length ? 10 : 3); i > 0; i--) {
          places.add(place(sound, end, random));
        }
        for (int place : places) {
          write(channel, place, edge(random));
        }
        watchdog.watch(
            format + " file spoiled with -Dbpfdump.seed=" + seed,
            () -> use.of(() -> ImageKernel.open(file), chosen("", random)));
        for (int place : places) {
          write(channel, place, ByteBuffer.wrap(sound, place, Integer.BYTES));
        }
      }
    }
    assertTried(images);
  }

  /** A place where something is, mostly. */
  private static int place(byte[] bytes, int end, RandomGenerator random) {
    int place = 0;
    for (int i = 0; i < 20; i++) {
      place = random.nextInt(end - Integer.BYTES);
      place &= random.nextInt(4) == 0 ? -1 : -Integer.BYTES;
      if (bytes[place] != 0) {
        break;
      }
    }
    return place;
  }

  private static ByteBuffer edge(RandomGenerator random) {
    int value =
        switch (random.nextInt(4)) {
          case 0 -> random.nextInt();
          case 1 -> -random.nextInt(3);
          case 2 -> 1 << random.nextInt(Integer.SIZE);
          default -> random.nextInt(1 << 16);
        };
    return ByteBuffer.allocate(Integer.BYTES).putInt(0, value);
  }

  private static void write(FileChannel channel, int place, ByteBuffer bytes) throws IOException {
    int at = place;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }
}
