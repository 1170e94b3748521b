// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.UnsupportedException;

/**
 * The headers of a kdump-compressed file, or of one member of a split set; they may be hostile.
 * Sources: {@code diskdump_mod.h} and {@code IMPLEMENTATION} of makedumpfile.
 */
final class KdumpMember {
  static final int ZLIB = 1;
  static final int LZO = 2;
  static final int SNAPPY = 4;
  static final int INCOMPLETE = 8;
  static final int ZSTD = 0x20;

  /** Bytes of a page descriptor. */
  static final int DESCRIPTOR = 24;

  private static final long SIGNATURE = 0x202020504D55444BL; // KDUMP and three blanks
  private static final long OLD_SIGNATURE = 0x504D55444B534944L; // DISKDUMP
  private static final int HEADER = 464;
  private static final int SUB_HEADER = 104;
  private static final int NAME = 65;
  private static final long MOST_FRAMES = 1L << 34; // 64 TiB
  private static final long MOST_NOTES = 64L << 20;
  private static final long MOST_TEXT = 1L << 20;

  private final Source source;
  private final int status;
  private final KdumpHeader header;
  private final boolean split;
  private final long first;
  private final long end;
  private final long frames;
  private final long machinePages;
  private final PageBitmap bitmap;
  private final long descriptors;
  private final NoteTable notes = new NoteTable();

  /** Reads them; the caller keeps the source. */
  KdumpMember(Source source) {
    this.source = source;
    ByteBuffer main = source.bytes(0, HEADER, "header");
    if (main.getLong(0) == OLD_SIGNATURE) {
      throw new UnsupportedException(
          source.name()
              + " was written by diskdump, before kdump: only what makedumpfile and QEMU"
              + " write is read");
    }
    String machine = name(main, 4);
    int version = version(main, machine);
    status = main.getInt(424);
    long subBlocks = Integer.toUnsignedLong(main.getInt(432));
    long bitmapBlocks = Integer.toUnsignedLong(main.getInt(436));
    if (subBlocks == 0) {
      throw source.malformed("has no sub header", 432);
    }
    ByteBuffer sub = source.bytes(PhysicalMemory.PAGE, SUB_HEADER, "sub header");
    frames = version >= 6 ? sub.getLong(96) : Integer.toUnsignedLong(main.getInt(440));
    long bitmaps = (1 + subBlocks) * PhysicalMemory.PAGE;
    descriptors = bitmaps + bitmapBlocks * PhysicalMemory.PAGE;
    long half = half(bitmapBlocks);
    if (!source.has(bitmaps, descriptors - bitmaps)) {
      throw source.malformed("is cut short: its bitmaps do not fit", bitmaps);
    }
    bitmap = new PageBitmap(source, bitmaps + half, frames);
    machinePages = half == 0 ? bitmap.count() : new PageBitmap(source, bitmaps, frames).count();
    split = version >= 2 && sub.getInt(12) != 0;
    first = split ? sub.getLong(version >= 6 ? 80 : 16) : 0;
    end = split ? sub.getLong(version >= 6 ? 88 : 24) : frames;
    if (first < 0 || first > end || end > frames) {
      throw source.malformed(
          "is of a split set, and of a range that cannot be", PhysicalMemory.PAGE);
    }
    header = header(main, sub, version, machine);
    readNotes(sub, version);
  }

  /** Whether a file starts as such files do. */
  static boolean starts(ByteBuffer bytes) {
    if (bytes.capacity() < Long.BYTES) {
      return false;
    }
    long signature = bytes.getLong(0);
    return signature == SIGNATURE || signature == OLD_SIGNATURE;
  }

  private int version(ByteBuffer main, String machine) {
    int version = main.getInt(8);
    if (version > 0xFFFF && Integer.reverseBytes(version) <= 0xFFFF) {
      throw new UnsupportedException(
          source.name()
              + " is of a big-endian machine, "
              + shown(machine)
              + ": only images of x86-64 are read");
    }
    if (!machine.isEmpty() && !machine.equals("x86_64")) {
      throw new UnsupportedException(
          source.name() + " is of " + shown(machine) + ": only images of x86-64 are read");
    }
    if (version < 1) {
      throw source.malformed("has a header of version " + version, 8);
    }
    int pageSize = main.getInt(428);
    if (pageSize != PhysicalMemory.PAGE) {
      throw new UnsupportedException(
          source.name()
              + " has blocks of "
              + Integer.toUnsignedLong(pageSize)
              + " bytes: only images of x86-64, with 4096, are read");
    }
    return version;
  }

  /** The size of the first bitmap where there are two; else 0. */
  private long half(long blocks) {
    if (frames < 0 || frames > MOST_FRAMES) {
      throw source.malformed("has more memory than x86-64 can have", 440);
    }
    long needed = (frames + 8L * PhysicalMemory.PAGE - 1) / (8L * PhysicalMemory.PAGE);
    if (blocks < needed) {
      throw source.malformed(
          "has bitmaps of " + blocks + " blocks, too small for " + frames + " pages", 436);
    }
    return blocks >= 2 * needed ? blocks / 2 * PhysicalMemory.PAGE : 0;
  }

  private KdumpHeader header(ByteBuffer main, ByteBuffer sub, int version, String machine) {
    return new KdumpHeader(
        version,
        name(main, 0),
        name(main, 1),
        name(main, 2),
        name(main, 3),
        machine,
        Instant.ofEpochSecond(Math.clamp(main.getLong(408), 0, Integer.toUnsignedLong(-1))),
        Math.max(0, main.getInt(460)),
        version >= 2 ? OptionalInt.of(sub.getInt(8)) : OptionalInt.empty(),
        OptionalLong.of(sub.getLong(0)));
  }

  private void readNotes(ByteBuffer sub, int version) {
    if (version >= 4) {
      long at = sub.getLong(48);
      long size = sub.getLong(56);
      if (at > 0 && size <= MOST_NOTES && source.has(at, size)) {
        notes.addAll(source, at, size);
      }
    }
    if (version >= 3 && notes.vmcoreinfo().isEmpty()) {
      long at = sub.getLong(32);
      long size = sub.getLong(40);
      if (at > 0 && size > 0 && size <= MOST_TEXT && source.has(at, size)) {
        notes.add(NoteTable.VMCOREINFO, 0, source.bytes(at, (int) size).array());
      }
    }
  }

  /** A field of the header's {@code struct new_utsname}. */
  private static String name(ByteBuffer main, int index) {
    byte[] bytes = new byte[NAME];
    main.get(12 + index * NAME, bytes);
    int length = 0;
    while (length < NAME && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private static String shown(String machine) {
    return machine.isEmpty() ? "a kind it does not name" : printable(machine);
  }

  private static String printable(String text) {
    return text.replaceAll("[^ -~]", "?");
  }

  Source source() {
    return source;
  }

  KdumpHeader header() {
    return header;
  }

  NoteTable notes() {
    return notes;
  }

  /** Flags of the header: how pages are compressed, and whether the writer came to the end. */
  int status() {
    return status;
  }

  /** Whether it is one of several. */
  boolean split() {
    return split;
  }

  /** The first frame whose page is here, if the bitmap has it. */
  long first() {
    return first;
  }

  /** The frame after the last. */
  long end() {
    return end;
  }

  /** The frames of the whole machine, from 0. */
  long frames() {
    return frames;
  }

  /** The pages that the machine had. */
  long machinePages() {
    return machinePages;
  }

  /** The frames whose pages were written, into this member or another. */
  PageBitmap bitmap() {
    return bitmap;
  }

  /** How many page descriptors there are. */
  long pages() {
    return bitmap.before(end) - bitmap.before(first);
  }

  /** The descriptor of a page, by the number of pages before it; null when it was cut off. */
  ByteBuffer descriptor(long index) {
    long at = descriptors + index * DESCRIPTOR;
    return source.has(at, DESCRIPTOR) ? source.bytes(at, DESCRIPTOR) : null;
  }

  /** Where in the file that is. */
  long descriptorOffset(long index) {
    return descriptors + index * DESCRIPTOR;
  }

  MalformedException malformed(String what, long offset) {
    return source.malformed(what, offset);
  }
}
