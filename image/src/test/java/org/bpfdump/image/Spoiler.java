// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bpfdump.image.memory.PhysicalMemory;
import org.bpfdump.image.memory.SpoiledFile;
import org.bpfdump.image.memory.SpoiledFile.Piece;

/**
 * Spoils an image's file where readers look. What it does follows from the random numbers alone.
 */
final class Spoiler {
  private static final int PAGE = PhysicalMemory.PAGE;

  /** Sizes and numbers at which arithmetic goes wrong, and marks of the kernel's own. */
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
    0xDEAD_0000_0000_0100L,
    0xDEAD_0000_0000_0122L,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1,
    -8,
    -4096
  };

  private final Places places;
  private final List<String> steps;
  private final FileSpoiler pieces;

  /** What is spoiled of one image. */
  private enum Kind {
    PAGES,
    POINTERS,
    NUMBERS,
    ENTRIES,
    TYPES,
    SYMBOLS,
    NOTE,
    PIECES,
    PACKED,
    END
  }

  /** What is another matter in a compressed file, whose pages take long to unpack. */
  private static final Kind[] OF_FILE = {Kind.NOTE, Kind.PIECES, Kind.PACKED, Kind.END};

  /**
   * @param opening what opening the image reads of its file
   */
  Spoiler(Places places, SpoiledFile file, List<Piece> opening) {
    this.places = places;
    steps = List.copyOf(places.pages.keySet());
    List<Long> frames =
        places.pages.values().stream().flatMapToLong(Arrays::stream).distinct().boxed().toList();
    pieces = new FileSpoiler(file, opening, frames);
  }

  /**
   * Spoils something.
   *
   * @return what: the step that reads it, where it is one step's, and in words
   */
  Done spoil(SpoiledFile file, RandomGenerator random) {
    String step = steps.get(random.nextInt(steps.size()));
    Kind kind = any(Kind.values(), random);
    if (file.isPacked() && random.nextInt(4) > 0) {
      kind = any(OF_FILE, random);
    }
    // A file ends at one place.
    for (int i = kind == Kind.END ? 1 : 1 << random.nextInt(7); i > 0; i--) {
      spoil(kind, step, file, random);
    }
    return new Done(step, kind + " of " + step);
  }

  record Done(String step, String what) {}

  private void spoil(Kind kind, String step, SpoiledFile file, RandomGenerator random) {
    switch (kind) {
      case PAGES -> page(file, places.pages.get(step), random);
      case POINTERS -> pointer(file, places.pointers.get(step), random);
      case NUMBERS -> {
        long[] numbers = places.numbers.get(step);
        if (numbers != null) {
          number(file, at(file, any(numbers, random)), random);
        }
      }
      case ENTRIES -> entry(file, random);
      case TYPES -> type(file, random);
      case SYMBOLS -> number(file, at(file, any(places.symbols, random)), random);
      case NOTE -> pieces.note(file, random);
      case PIECES -> pieces.piece(file, random);
      case PACKED -> pieces.packed(file, random);
      case END -> file.cut(random.nextLong(random.nextInt(8) == 0 ? 3 * PAGE : file.size()));
    }
  }

  /** Anything, anywhere in a page. */
  private static void page(SpoiledFile file, long[] pages, RandomGenerator random) {
    long at = file.plain(any(pages, random));
    switch (random.nextInt(8)) {
      case 0 -> {
        byte[] noise = new byte[PAGE];
        if (random.nextBoolean()) {
          random.nextBytes(noise);
        }
        file.write(at, noise);
      }
      case 1 -> file.write(at, file.read(file.plain(any(pages, random)), PAGE));
      case 2 -> file.write(at + 8L * random.nextInt(PAGE / 8), random.nextLong(), 8);
      case 3, 4 -> number(file, at + 4L * random.nextInt(PAGE / 4), random);
      default -> flip(file, at + random.nextInt(PAGE), random);
    }
  }

  /** A pointer leads elsewhere: into the same lists and trees, mostly. */
  private static void pointer(SpoiledFile file, long[] pointers, RandomGenerator random) {
    if (pointers == null) {
      return;
    }
    long at = at(file, any(pointers, random));
    long old = file.u64(at);
    long other = file.u64(at(file, any(pointers, random)));
    long now =
        switch (random.nextInt(12)) {
          case 0 -> 0;
          case 1 -> edge(random);
          case 2 -> old ^ 1L << random.nextInt(Long.SIZE);
          case 3 -> old ^ 1L << random.nextInt(8); // what nodes of trees have below their addresses
          case 4 -> old + 8L * (random.nextInt(65) - 32);
          case 5 -> (old & -PAGE) + random.nextInt(PAGE);
          case 6 -> (other & -256) | (old & 255);
          default -> other;
        };
    file.write(at, now, Long.BYTES);
  }

  private void entry(SpoiledFile file, RandomGenerator random) {
    long at = at(file, any(places.entries, random));
    long old = file.u64(at);
    long now =
        switch (random.nextInt(8)) {
          case 0 -> 0;
          case 1 -> random.nextLong();
          case 2 -> old ^ 1L << random.nextInt(Long.SIZE);
          case 3 -> old ^ 1L << 7; // a large page
          case 4 -> old + PAGE * (random.nextLong(65) - 32);
          // A table that is its own, say.
          case 5 -> (any(places.entries, random) & -PAGE) | (old & (PAGE - 1));
          default -> file.u64(at(file, any(places.entries, random)));
        };
    file.write(at, now, Long.BYTES);
  }

  private void type(SpoiledFile file, RandomGenerator random) {
    long at = at(file, any(places.types, random));
    int other = (int) file.u64(at(file, any(places.types, random)));
    switch (random.nextInt(4)) {
      case 0 -> file.write(at, other, Integer.BYTES);
      case 1 -> flip(file, at + random.nextInt(Integer.BYTES), random);
      case 2 -> file.write(at, random.nextInt(200_000), Integer.BYTES);
      default -> number(file, at, random);
    }
  }

  /** A number of four bytes becomes one at which sizes go wrong. */
  static void number(SpoiledFile file, long at, RandomGenerator random) {
    long old = file.u64(at);
    long now =
        switch (random.nextInt(4)) {
          case 0 -> random.nextInt(1 << 16);
          case 1 -> old + random.nextInt(9) - 4;
          default -> edge(random);
        };
    file.write(at, now, Integer.BYTES);
  }

  /** A bit of a byte. */
  static void flip(SpoiledFile file, long at, RandomGenerator random) {
    file.write(at, (byte) (file.read(at, 1)[0] ^ 1 << random.nextInt(8)));
  }

  /** Where in the file a physical address is. */
  private static long at(SpoiledFile file, long physical) {
    return file.plain(physical >>> PhysicalMemory.PAGE_SHIFT) + (physical & PAGE - 1);
  }

  /** A number at which arithmetic goes wrong. */
  static long edge(RandomGenerator random) {
    return EDGES[random.nextInt(EDGES.length)];
  }

  private static long any(long[] of, RandomGenerator random) {
    return of[random.nextInt(of.length)];
  }

  private static <T> T any(T[] of, RandomGenerator random) {
    return of[random.nextInt(of.length)];
  }
}
