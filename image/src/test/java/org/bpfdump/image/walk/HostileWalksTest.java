// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bpfdump.image.TestImages;
import org.bpfdump.image.snapshot.Notes;
import org.bpfdump.image.walk.net.NetworkNamespaces;
import org.bpfdump.kernel.Parameter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Walks over memory that is broken end, throw nothing, and show no more than memory can hold.
 * {@code -Dbpfdump.fuzz=20000} sets how many passes, {@code -Dbpfdump.seed=N} which.
 */
class HostileWalksTest {
  private static final int PASSES = Integer.getInteger("bpfdump.fuzz", 400);
  private static final long SEED = Long.getLong("bpfdump.seed", 20200408);

  /** What a pass over a sound image of this size shows less than. */
  private static final int MANY = 1_000_000;

  /** Other targets have few objects, and are passed over more often than this one. */
  private static final int SELDOM = 40;

  private static final List<String> TARGETS =
      List.of(
          "tcp", "udp", "unix", "netlink", "ipv6_route", "cgroup", "kmem_cache", "dmabuf", "ksym");

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  @Timeout(600)
  void walksOverSpoiledMemoryEnd(String image) {
    System.out.println("spoiling memory with -Dbpfdump.seed=" + SEED);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    SpoiledKernel kernel = new SpoiledKernel(TestImages.shared(image));
    Map<String, List<Long>> pages = new HashMap<>();
    for (String target : TARGETS) {
      kernel.reset();
      pass(kernel, target);
      pages.put(target, kernel.touched());
    }
    int broken = 0;
    for (int i = 0; i < PASSES; i++) {
      int most = i % SELDOM == 0 ? TARGETS.size() : TARGETS.size() - 1;
      String target = TARGETS.get(random.nextInt(most));
      if (pages.get(target).isEmpty()) {
        continue;
      }
      kernel.repair();
      for (int spoiled = random.nextInt(40); spoiled >= 0; spoiled--) {
        kernel.spoil(pages.get(target), random);
      }
      broken += pass(kernel, target) > 0 ? 1 : 0;
    }
    // Else the test tests nothing.
    assertThat(broken).isGreaterThan(PASSES / 20);
  }

  /** How much was broken. */
  private static long pass(SpoiledKernel kernel, String target) {
    Walks walks = new Walks(kernel);
    Walk walk = walks.open(target, new Parameter.None());
    long[] arguments = new long[Walks.MOST_ARGUMENTS];
    int shown = 0;
    while (walk.next(arguments)) {
      assertThat(++shown).as("objects of %s, after %s", target, walks.notes()).isLessThan(MANY);
    }
    walk.last(arguments);
    return walks.notes().size();
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void theFirstNetworkNamespaceIsFoundInSpoiledMemory(String image) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    SpoiledKernel kernel = new SpoiledKernel(TestImages.shared(image));
    List<Namespace> sound = NetworkNamespaces.in(kernel);
    List<Long> pages = kernel.touched();
    for (int i = 0; i < PASSES; i++) {
      kernel.repair();
      kernel.spoil(pages, random);
      kernel.spoil(pages, random);
      assertThat(NetworkNamespaces.in(kernel, new Notes()))
          .extracting(Namespace::address)
          .contains(sound.getFirst().address());
    }
  }
}
