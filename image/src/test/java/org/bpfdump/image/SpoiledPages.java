// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.bpfdump.image.memory.PhysicalMemory;

/**
 * An image's memory, whose pages can be spoiled and made sound again. It tells which pages were
 * read. For one thread at a time.
 */
final class SpoiledPages implements PhysicalMemory {
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final int WORDS = PAGE / Long.BYTES;

  /** Sizes and numbers at which arithmetic goes wrong. */
  private static final long[] EDGES = {
    0,
    1,
    2,
    7,
    63,
    65,
    0xFFF,
    0x1001,
    1 << 16,
    1 << 24,
    1 << 28,
    Integer.MAX_VALUE,
    1L << 31,
    0xFFFF_FFFFL,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1,
    -8,
    -4096
  };

  private final PhysicalMemory sound;
  private final Map<Long, MemorySegment> spoiled = new HashMap<>();
  private final Set<Long> left = new LinkedHashSet<>();

  /** In an order that does not depend on who read first: several threads do. */
  private final Set<Long> touched = new TreeSet<>();

  /** Of this memory, which stays the caller's. */
  SpoiledPages(PhysicalMemory sound) {
    this.sound = sound;
  }

  @Override
  public synchronized MemorySegment page(long frame) {
    MemorySegment page = content(frame);
    if (page != null) {
      touched.add(frame);
    }
    return page;
  }

  private MemorySegment content(long frame) {
    if (left.contains(frame)) {
      return null;
    }
    MemorySegment page = spoiled.get(frame);
    return page != null ? page : sound.page(frame);
  }

  /** The pages that were read since this was asked the last time. */
  synchronized List<Long> touched() {
    List<Long> all = List.copyOf(touched);
    touched.clear();
    return all;
  }

  /** Makes all sound. */
  void repair() {
    spoiled.clear();
    left.clear();
  }

  /** Spoils something in one of these pages. */
  void spoil(List<Long> pages, RandomGenerator random) {
    long frame = any(pages, random);
    MemorySegment page = own(frame);
    switch (random.nextInt(24)) {
      case 0 -> left.add(frame);
      case 1 -> page.fill((byte) (random.nextBoolean() ? 0 : random.nextInt()));
      case 2 -> page.copyFrom(own(any(pages, random)));
      case 3 -> {
        byte[] noise = new byte[PAGE];
        random.nextBytes(noise);
        page.copyFrom(MemorySegment.ofArray(noise));
      }
      case 4, 5 -> page.set(LONG, at(random), random.nextLong());
      case 6, 7, 8 -> page.set(LONG, at(random), edge(random));
      case 9, 10, 11, 12 -> page.set(INT, at(random) + 4L * random.nextInt(2), (int) edge(random));
      case 13, 14 -> {
        long at = random.nextInt(PAGE);
        page.set(
            ValueLayout.JAVA_BYTE,
            at,
            (byte) (page.get(ValueLayout.JAVA_BYTE, at) ^ 1 << random.nextInt(8)));
      }
      default -> swap(page, pages, random);
    }
  }

  /** Puts a pointer from one of these pages in the place of one here. */
  private void swap(MemorySegment page, List<Long> pages, RandomGenerator random) {
    long from = pointer(own(any(pages, random)), random);
    long to = pointer(page, random);
    page.set(LONG, to, own(any(pages, random)).get(LONG, from));
  }

  /** Where a page has something that looks like a pointer, from some place on; else that place. */
  private static long pointer(MemorySegment page, RandomGenerator random) {
    int start = random.nextInt(WORDS);
    for (int i = 0; i < WORDS; i++) {
      long at = (long) Long.BYTES * ((start + i) % WORDS);
      long value = page.get(LONG, at);
      if (value >>> 47 == 0x1FFFF && value != -1) {
        return at;
      }
    }
    return (long) Long.BYTES * start;
  }

  private static long at(RandomGenerator random) {
    return (long) Long.BYTES * random.nextInt(WORDS);
  }

  private static long edge(RandomGenerator random) {
    return EDGES[random.nextInt(EDGES.length)];
  }

  private static long any(List<Long> pages, RandomGenerator random) {
    return pages.get(random.nextInt(pages.size()));
  }

  private MemorySegment own(long frame) {
    return spoiled.computeIfAbsent(
        frame, f -> MemorySegment.ofArray(sound.page(f).toArray(ValueLayout.JAVA_BYTE)));
  }

  @Override
  public void close() {
    // The sound one's owner does.
  }
}
