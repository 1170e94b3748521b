// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.bpfdump.image.memory.PhysicalMemory;
import org.bpfdump.image.memory.Translation;
import org.bpfdump.image.snapshot.Snapshot;

/**
 * What readers of a sound image go by, as physical addresses: pointers to what they read, sizes
 * beside them, entries of page tables, types, tables of symbols.
 */
final class Places {
  private static final int PAGE = PhysicalMemory.PAGE;

  /** Bytes of one object, about. */
  private static final int OBJECT = 128;

  private static final long PRESENT = 1;
  private static final long FRAME = 0xF_FFFF_FFFF_F000L;

  /** Numbers that may be a size, a count, an index or flags. */
  private static final int LARGE = 1 << 20;

  /** Bytes of the start of each table of symbols. */
  private static final int START = 512;

  private static final List<String> TABLES =
      List.of(
          "kallsyms_num_syms",
          "kallsyms_names",
          "kallsyms_markers",
          "kallsyms_token_table",
          "kallsyms_token_index",
          "kallsyms_offsets",
          "kallsyms_relative_base",
          "kallsyms_seqs_of_names");

  /** Of each step that reads, pages. */
  final Map<String, long[]> pages = new TreeMap<>();

  /** Of each step that reads, words that lead to what any step reads. */
  final Map<String, long[]> pointers = new TreeMap<>();

  /** Of each, numbers of four bytes near them. */
  final Map<String, long[]> numbers = new TreeMap<>();

  /** Entries of page tables. */
  final long[] entries;

  /** Words of the header of BTF, of types and of their names. */
  final long[] types;

  /** Words of the tables of symbols. */
  final long[] symbols;

  private final Snapshot sound;
  private final Translation translation;

  /**
   * @param read which frames each step reads
   */
  Places(Snapshot sound, Map<String, Set<Long>> read) {
    this.sound = sound;
    translation = sound.memory().translation();
    Set<Long> all = new HashSet<>();
    read.values().forEach(all::addAll);
    List<Long> found = new ArrayList<>();
    for (Map.Entry<String, Set<Long>> step : read.entrySet()) {
      if (!step.getValue().isEmpty()) {
        pages.put(step.getKey(), step.getValue().stream().mapToLong(f -> f).sorted().toArray());
        scan(step.getKey(), all, found);
      }
    }
    entries = found.stream().mapToLong(at -> at).distinct().toArray();
    long btf = find("__start_BTF").orElseThrow();
    types =
        TypePlaces.in(sound.btf().toBytes())
            .map(at -> translation.physical(btf + at))
            .filter(this::isThere)
            .toArray();
    symbols = symbols();
    if (entries.length == 0 || types.length == 0 || symbols.length == 0) {
      throw new AssertionError(
          entries.length + " entries, " + types.length + " types, " + symbols.length + " symbols");
    }
  }

  private void scan(String step, Set<Long> all, List<Long> found) {
    List<Long> leading = new ArrayList<>();
    List<Long> small = new ArrayList<>();
    for (long frame : pages.get(step)) {
      ByteBuffer page = page(frame);
      long at = frame << PhysicalMemory.PAGE_SHIFT;
      int near = -OBJECT;
      for (int i = 0; i < PAGE; i += Long.BYTES) {
        long word = page.getLong(i);
        if ((word & PRESENT) != 0 && word >>> 52 == 0 && all.contains((word & FRAME) >>> 12)) {
          found.add(at + i);
        }
        if (leads(word, all)) {
          leading.add(at + i);
          near = i;
        } else if (i - near < OBJECT) {
          number(page, at, i, small);
          number(page, at, i + Integer.BYTES, small);
        }
      }
    }
    put(pointers, step, leading);
    put(numbers, step, small);
  }

  private static void put(Map<String, long[]> map, String step, List<Long> found) {
    if (!found.isEmpty()) {
      map.put(step, found.stream().mapToLong(at -> at).toArray());
    }
  }

  private static void number(ByteBuffer page, long at, int i, List<Long> into) {
    int number = page.getInt(i);
    if (number > 0 && number < LARGE) {
      into.add(at + i);
    }
  }

  private boolean leads(long word, Set<Long> all) {
    return word >>> 47 == 0x1FFFF
        && word != -1
        && all.contains(translation.physical(word) >>> PhysicalMemory.PAGE_SHIFT);
  }

  private ByteBuffer page(long frame) {
    return sound.file().memory().page(frame);
  }

  private long[] symbols() {
    return TABLES.stream()
        .map(this::find)
        .filter(OptionalLong::isPresent)
        .flatMapToLong(table ->
            LongStream.range(0, START / Integer.BYTES)
                .map(i -> translation.physical(table.getAsLong() + i * Integer.BYTES)))
        .filter(this::isThere)
        .toArray();
  }

  private OptionalLong find(String symbol) {
    OptionalLong told = sound.vmcoreinfo().symbol(symbol);
    return told.isPresent() ? told : sound.symbols().find(symbol);
  }

  private boolean isThere(long physical) {
    return physical >= 0
        && sound.file().memory().page(physical >>> PhysicalMemory.PAGE_SHIFT) != null;
  }
}
