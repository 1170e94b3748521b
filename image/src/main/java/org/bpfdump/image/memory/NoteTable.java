// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The ELF notes of a dump, which may be hostile: what does not fit ends the list. Source: {@code
 * elf(5)}; the kernel pads names and contents to 4 bytes.
 */
final class NoteTable {
  static final String VMCOREINFO = "VMCOREINFO";

  private static final int HEADER = 12;

  /** A few for each CPU of the largest machines. */
  private static final int MOST = 1 << 16;

  private static final int LONGEST_NAME = 64;

  /** The kernel's own text has a page at most; register sets have a few. */
  private static final int LONGEST = 1 << 20;

  private static final long MOST_BYTES = 64L << 20;

  private record Kind(String name, int type) {}

  private final List<Kind> kinds = new ArrayList<>();
  private final List<byte[]> contents = new ArrayList<>();
  private long bytes;

  /** Adds the notes of a range, as far as they are sound. */
  void addAll(Source source, long offset, long size) {
    long at = offset;
    long end = offset + size;
    while (end - at >= HEADER && kinds.size() < MOST) {
      ByteBuffer header = source.bytes(at, HEADER);
      long nameSize = Integer.toUnsignedLong(header.getInt(0));
      long length = Integer.toUnsignedLong(header.getInt(4));
      int type = header.getInt(8);
      long start = at + HEADER + padded(nameSize);
      bytes += nameSize + length;
      if (nameSize > LONGEST_NAME
          || length > LONGEST
          || start + length > end
          || bytes > MOST_BYTES) {
        return;
      }
      if (nameSize != 0 || length != 0) { // else of a CPU that never came up
        byte[] name = source.bytes(at + HEADER, (int) nameSize).array();
        add(text(name), type, source.bytes(start, (int) length).array());
      }
      at = start + padded(length);
    }
  }

  /** Adds one that the file has elsewhere. */
  void add(String name, int type, byte[] note) {
    kinds.add(new Kind(name, type));
    contents.add(note);
  }

  /** The kernel's text for tools; the kernel names the kind 0. */
  Optional<byte[]> vmcoreinfo() {
    return find(VMCOREINFO, 0).stream().findFirst();
  }

  /** The contents of all of a kind, copies. */
  List<byte[]> find(String name, int type) {
    Kind kind = new Kind(name, type);
    return IntStream.range(0, kinds.size())
        .filter(i -> kinds.get(i).equals(kind))
        .mapToObj(i -> contents.get(i).clone())
        .toList();
  }

  private static long padded(long size) {
    return (size + 3) & ~3L;
  }

  private static String text(byte[] name) {
    int end = 0;
    while (end < name.length && name[end] != 0) {
      end++;
    }
    return new String(name, 0, end, StandardCharsets.US_ASCII);
  }
}
