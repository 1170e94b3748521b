// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bpfdump.error.RequestException;
import org.bpfdump.image.TestImages;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.walk.task.PidNamespaces;
import org.bpfdump.kernel.Parameter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Walks over tasks and maps of memory that is broken end, and throw nothing but refusals in words.
 * {@code -Dbpfdump.fuzz=20000} sets how many passes, {@code -Dbpfdump.seed=N} which.
 */
class HostileObjectsTest {
  private static final int PASSES = Integer.getInteger("bpfdump.fuzz", 400);
  private static final long SEED = Long.getLong("bpfdump.seed", 20200408);

  /** Elements that an array of eight-byte values would have in all of these machines' memory. */
  private static final int MANY = 1 << 25;

  private record Case(String target, Parameter parameter) {
    Case(String target) {
      this(target, new Parameter.None());
    }
  }

  private static final List<Case> CASES =
      List.of(
          new Case("task"),
          new Case("task", new Parameter.Tid(1)),
          new Case("task_file"),
          new Case("task_file", new Parameter.Pid(109)),
          new Case("task_vma"),
          new Case("bpf_map"),
          new Case("bpf_prog"),
          new Case("bpf_link"),
          new Case("bpf_map_elem", new Parameter.MapId(1)),
          new Case("bpf_map_elem", new Parameter.MapId(2)),
          new Case("bpf_map_elem", new Parameter.MapName("w_lru")),
          new Case("bpf_map_elem", new Parameter.MapName("w_pcpu_arr")),
          new Case("bpf_map_elem", new Parameter.MapName("w_pcpu_hash")));

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  @Timeout(600)
  void walksOverSpoiledMemoryEnd(String image) {
    System.out.println("spoiling memory with -Dbpfdump.seed=" + SEED);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    SpoiledKernel kernel = new SpoiledKernel(TestImages.shared(image));
    Map<Case, List<Long>> pages = new HashMap<>();
    for (Case walked : CASES) {
      kernel.reset();
      assertThat(pass(kernel, walked)).as("what is broken in a sound image").isZero();
      pages.put(walked, kernel.touched());
    }
    int broken = 0;
    for (int i = 0; i < PASSES; i++) {
      Case walked = CASES.get(random.nextInt(CASES.size()));
      kernel.repair();
      for (int spoiled = random.nextInt(12); spoiled >= 0; spoiled--) {
        kernel.spoil(pages.get(walked), random);
        kernel.spoilNumber(pages.get(walked), random);
      }
      try {
        broken += pass(kernel, walked) > 0 ? 1 : 0;
      } catch (RuntimeException | Error e) {
        throw new AssertionError(walked + " in pass " + i + " of seed " + SEED, e);
      }
    }
    // Else the test tests nothing.
    assertThat(broken).isGreaterThan(PASSES / 20);
  }

  /** How much was broken. */
  private static long pass(Snapshot kernel, Case walked) {
    Walks walks = new Walks(kernel);
    Walk walk;
    try {
      Walks.target(walked.target).admit(kernel, kernel.memory(), walked.parameter);
      walk = walks.open(walked.target, walked.parameter);
    } catch (RequestException e) {
      assertThat(e).hasMessageMatching("(?s)no map .*|map \\d+ has keys of .*|target .*|cannot .*");
      return 1;
    }
    long[] arguments = new long[Walks.MOST_ARGUMENTS];
    int shown = 0;
    while (walk.next(arguments)) {
      if (++shown == MANY) {
        throw new AssertionError(walked + " shows more than memory holds");
      }
    }
    walk.last(arguments);
    return walks.notes().size();
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void theFirstPidNamespaceIsFoundInSpoiledMemory(String image) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    SpoiledKernel kernel = new SpoiledKernel(TestImages.shared(image));
    List<Namespace> sound = PidNamespaces.in(kernel);
    List<Long> pages = kernel.touched();
    for (int i = 0; i < PASSES; i++) {
      kernel.repair();
      kernel.spoil(pages, random);
      kernel.spoilNumber(pages, random);
      assertThat(PidNamespaces.in(kernel))
          .extracting(Namespace::address)
          .contains(sound.getFirst().address());
    }
  }
}
