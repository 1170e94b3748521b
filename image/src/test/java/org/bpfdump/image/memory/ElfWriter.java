// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** Writes ELF cores, good and odd ones. */
final class ElfWriter {
  static final int MACHINE_AT = 18;
  static final int FLAGS_AT = 48;
  private static final int HEADER = 64;
  private static final int ENTRY = 56;

  private final List<Segment> loads = new ArrayList<>();
  private final List<byte[]> contents = new ArrayList<>();

  /** A core of these pages, a segment for each run. */
  static byte[] of(SortedMap<Long, byte[]> pages) {
    ElfWriter writer = new ElfWriter();
    ByteArrayOutputStream run = new ByteArrayOutputStream();
    long start = 0;
    long next = -1;
    for (var page : pages.entrySet()) {
      if (page.getKey() != next) {
        writer.load(start * PhysicalMemory.PAGE, run.toByteArray(), run.size());
        run.reset();
        start = page.getKey();
      }
      run.writeBytes(page.getValue());
      next = page.getKey() + 1;
    }
    return writer.load(start * PhysicalMemory.PAGE, run.toByteArray(), run.size()).write();
  }

  /** A segment of {@code memory} bytes, of which the file has the first. */
  ElfWriter load(long physical, byte[] bytes, long memory) {
    if (memory > 0) {
      loads.add(new Segment(0xffff888000000000L + physical, physical, bytes.length, memory));
      contents.add(bytes);
    }
    return this;
  }

  /** As the kernel and makedumpfile write it. */
  byte[] write() {
    return write(HEADER, HEADER, -1);
  }

  /** As QEMU does: a header of no size, and the program headers after the section headers. */
  byte[] writeLikeQemu() {
    return write(8, HEADER + 2 * HEADER, HEADER);
  }

  /** With the count of program headers in the first section header. */
  byte[] writeManyHeaders() {
    return write(HEADER, 2 * HEADER, HEADER);
  }

  private byte[] write(int headerSize, int table, int sections) {
    byte[] name = "VMCOREINFO\0\0".getBytes(StandardCharsets.US_ASCII);
    byte[] text = SamplePages.VMCOREINFO;
    int notes = table + (loads.size() + 1) * ENTRY;
    int noteSize = 12 + name.length + text.length;
    int data = notes + noteSize + 5; // at no round offset, as in QEMU's
    int size = data + contents.stream().mapToInt(bytes -> bytes.length).sum();
    ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    file.putInt(0, 0x464C457F).put(4, (byte) 2).put(5, (byte) 1).put(6, (byte) 1);
    file.putShort(16, (short) 4).putShort(MACHINE_AT, (short) 62).putInt(20, 1);
    file.putLong(32, table).putLong(40, Math.max(0, sections));
    int count = loads.size() + 1;
    file.putShort(52, (short) headerSize).putShort(54, (short) ENTRY);
    file.putShort(56, (short) Math.min(count, 0xFFFF));
    if (sections >= 0) {
      file.putInt(sections + 44, count);
    }
    file.putInt(table, 4).putLong(table + 8, notes).putLong(table + 32, noteSize);
    file.putInt(notes, 11).putInt(notes + 4, text.length);
    file.put(notes + 12, name).put(notes + 12 + name.length, text);
    int at = table;
    for (int i = 0; i < loads.size(); i++) {
      Segment load = loads.get(i);
      at += ENTRY;
      file.putInt(at, 1).putLong(at + 8, data).putLong(at + 16, load.virtual());
      file.putLong(at + 24, load.physical()).putLong(at + 32, load.fileBytes());
      file.putLong(at + 40, load.memoryBytes()).put(data, contents.get(i));
      data += contents.get(i).length;
    }
    return file.array();
  }
}
