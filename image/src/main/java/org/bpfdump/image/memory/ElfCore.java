// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bpfdump.error.UnsupportedException;

/**
 * Reads the headers of an ELF core, which may be hostile. Sources: {@code elf(5)}, {@code
 * include/uapi/linux/elf.h}, {@code fs/proc/vmcore.c} of the kernel, {@code dump/dump.c} of QEMU
 * (its {@code e_ehsize} is that of a pointer, and its program headers come after the section
 * headers: neither is trusted here), {@code makedumpfile.c} (a segment with fewer bytes in the file
 * than in memory ends in pages that were left out: these are absent, not zero).
 */
final class ElfCore {
  private static final int HEADER = 64;
  private static final int PROGRAM_HEADER = 56;
  private static final int SECTION_HEADER = 64;
  private static final int ET_CORE = 4;
  private static final int EM_X86_64 = 62;
  private static final int PT_LOAD = 1;
  private static final int PT_NOTE = 4;

  /** The count of program headers is in the first section header. */
  private static final int PN_XNUM = 0xFFFF;

  /** Of the header's flags, makedumpfile's: its disk was full. */
  private static final int INCOMPLETE = 1;

  /** Holes of a megabyte in 2 TiB make as many. */
  private static final int MOST_HEADERS = 1 << 21;

  /** x86-64 has no physical address above. */
  private static final long MOST_MEMORY = 1L << 52;

  private final Source source;
  private final NoteTable notes = new NoteTable();
  private final List<Segment> segments = new ArrayList<>();
  private final List<Long> offsets = new ArrayList<>();

  private boolean incomplete;

  private ElfCore(Source source) {
    this.source = source;
  }

  /** Whether the first bytes of a file are those of ELF. */
  static boolean starts(ByteBuffer bytes) {
    return bytes.capacity() >= 4 && bytes.getInt(0) == 0x464C457F;
  }

  /** Takes the source over, unless it throws. */
  static DumpFile open(Source source) {
    return new ElfCore(source).read();
  }

  private DumpFile read() {
    ByteBuffer header = source.bytes(0, HEADER, "ELF header");
    identify(header);
    incomplete = (header.getInt(48) & INCOMPLETE) != 0;
    long table = header.getLong(32);
    long count = Short.toUnsignedLong(header.getShort(56));
    if (count == PN_XNUM) {
      ByteBuffer first = source.bytes(header.getLong(40), SECTION_HEADER, "first section header");
      count = Integer.toUnsignedLong(first.getInt(44));
    }
    if (count > MOST_HEADERS) {
      throw new UnsupportedException(
          source.name()
              + " has "
              + count
              + " program headers: at most "
              + MOST_HEADERS
              + " are read");
    }
    if (count > 0 && Short.toUnsignedInt(header.getShort(54)) != PROGRAM_HEADER) {
      throw source.malformed("has program headers that are not of 56 bytes", 54);
    }
    if (!source.has(table, count * PROGRAM_HEADER)) {
      throw source.malformed("is cut short: " + count + " program headers do not fit", table);
    }
    for (long i = 0; i < count; i++) {
      add(table + i * PROGRAM_HEADER);
    }
    if (segments.isEmpty()) {
      throw source.malformed("is an ELF core without memory: it has no PT_LOAD segment", -1);
    }
    return dump();
  }

  private void identify(ByteBuffer header) {
    int machine = Short.toUnsignedInt(header.getShort(18));
    switch (header.get(5)) {
      case 1 -> {}
      case 2 ->
          throw new UnsupportedException(
              source.name()
                  + " is of a big-endian machine, "
                  + Machines.name(Integer.reverseBytes(machine) >>> 16)
                  + ": only images of x86-64 are read");
      default -> throw source.malformed("has an unknown byte order", 5);
    }
    if (machine != EM_X86_64) {
      throw new UnsupportedException(
          source.name() + " is of " + Machines.name(machine) + ": only images of x86-64 are read");
    }
    if (header.get(4) != 2) {
      throw new UnsupportedException(
          source.name() + " is a 32-bit ELF file: only 64-bit cores are read");
    }
    int type = Short.toUnsignedInt(header.getShort(16));
    if (type != ET_CORE) {
      throw new UnsupportedException(
          source.name()
              + " is an ELF file, but no core (type "
              + type
              + "): give the file that kdump, makedumpfile or QEMU wrote");
    }
  }

  private void add(long at) {
    ByteBuffer header = source.bytes(at, PROGRAM_HEADER);
    int type = header.getInt(0);
    long offset = header.getLong(8);
    long size = header.getLong(32);
    if (type == PT_NOTE) {
      if (source.has(offset, 0)) { // of a file that was cut, what is there
        notes.addAll(source, offset, source.has(offset, size) ? size : source.size() - offset);
      }
    } else if (type == PT_LOAD) {
      long physical = header.getLong(24);
      long memory = header.getLong(40);
      if (physical < 0 || physical > MOST_MEMORY || memory < 0 || memory > MOST_MEMORY) {
        throw source.malformed("has a segment at no physical address of x86-64", at + 24);
      }
      if (offset < 0 || size < 0 || size > memory) {
        throw source.malformed("has a segment with more bytes in the file than in memory", at + 32);
      }
      segments.add(new Segment(header.getLong(16), physical, size, memory));
      offsets.add(offset);
    }
  }

  private DumpFile dump() {
    int count = segments.size();
    long[] starts = new long[count];
    long[] inMemory = new long[count];
    long[] inFile = new long[count];
    long[] there = new long[count];
    long[] at = new long[count];
    for (int i = 0; i < count; i++) {
      Segment segment = segments.get(i);
      starts[i] = segment.physical();
      inMemory[i] = segment.memoryBytes();
      inFile[i] = segment.fileBytes();
      at[i] = offsets.get(i);
      there[i] = Math.min(segment.fileBytes(), Math.max(0, source.size() - at[i]));
    }
    Ranges present = Ranges.of(starts, there, at);
    // Segments that lead to the same bytes do not make more of them.
    long pages = Math.min(present.wholePages(), source.size() >>> PhysicalMemory.PAGE_SHIFT);
    long cut = Ranges.of(starts, inFile, at).wholePages() - pages;
    Coverage coverage =
        new Coverage(
            Ranges.of(starts, inMemory, at).wholePages(),
            pages,
            cut,
            present.end() >>> PhysicalMemory.PAGE_SHIFT,
            incomplete || cut > 0 || source.cut());
    return new DumpFile(
        "ELF core" + source.wrapping(),
        new KeptPages(new RangePages(source, present)),
        notes,
        segments,
        Optional.empty(),
        coverage);
  }
}
