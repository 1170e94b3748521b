// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.obj;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.bpfdump.btf.Btf;

/**
 * What {@code .BTF.ext} says about instructions: function information, line information, CO-RE
 * relocations, each by section. Records may be longer than known; the rest of each is passed over.
 */
final class BtfExt {
  private static final int MAGIC = 0xEB9F;
  private static final long[] NONE = {};

  private final Elf elf;
  private final ByteBuffer data;

  // By section index: slot << 32 | byte offset of the record, ascending; null for none.
  private final long[][] functions;
  private final long[][] lines;
  private final long[][] relocations;

  /**
   * @param section {@code .BTF.ext}; null when the object has none
   */
  BtfExt(Elf elf, Elf.Section section, Btf btf) {
    this.elf = elf;
    this.data = section == null ? ByteBuffer.allocate(0) : elf.data(section);
    this.functions = new long[elf.sectionCount()][];
    this.lines = new long[elf.sectionCount()][];
    this.relocations = new long[elf.sectionCount()][];
    if (section == null) {
      return;
    }
    if (data.limit() < 24
        || (data.getShort(0) & 0xFFFF) != MAGIC
        || data.get(2) != 1
        || data.getInt(4) < 24
        || data.getInt(4) > data.limit()) {
      throw elf.malformed("has a .BTF.ext section that is not one", section.offset());
    }
    int header = data.getInt(4);
    read(functions, 8, header, 8, btf);
    read(lines, 16, header, 16, btf);
    if (header >= 32) {
      read(relocations, 16, header, 24, btf);
    }
  }

  /**
   * @param known length of what is known of a record
   * @param field where the header says where the part is
   */
  private void read(long[][] bySection, int known, int header, int field, Btf btf) {
    int length = data.getInt(field + 4);
    if (length == 0) {
      return;
    }
    long start = header + Integer.toUnsignedLong(data.getInt(field));
    long end = start + Integer.toUnsignedLong(length);
    if ((length < 4 && length > 0) || end > data.limit()) {
      throw broken(field);
    }
    int at = (int) start;
    int size = data.getInt(at);
    if (size < known || size > 4096 || size % 4 != 0) {
      throw broken(at);
    }
    at += 4;
    for (int sections = 0; at < end; sections++) {
      if (end - at < 8 || sections == bySection.length) {
        throw broken(at);
      }
      Elf.Section section = elf.section(btf.string(data.getInt(at)));
      long count = Integer.toUnsignedLong(data.getInt(at + 4));
      at += 8;
      if (count * size > end - at) {
        throw broken(at - 4);
      }
      if (section != null) {
        long[] before = bySection[section.index()];
        bySection[section.index()] = append(before == null ? NONE : before, at, (int) count, size);
      }
      at += (int) count * size;
    }
  }

  private long[] append(long[] before, int start, int count, int size) {
    long[] all = Arrays.copyOf(before, before.length + count);
    boolean sorted = true;
    for (int i = 0, at = start; i < count; i++, at += size) {
      int offset = data.getInt(at);
      if (offset % 8 != 0) {
        throw broken(at);
      }
      int n = before.length + i;
      all[n] = ((Integer.toUnsignedLong(offset) / 8) << 32) | at;
      sorted &= n == 0 || all[n] > all[n - 1];
    }
    if (!sorted) {
      Arrays.sort(all);
    }
    return all;
  }

  private RuntimeException broken(int at) {
    return elf.malformed("has a broken .BTF.ext section (at byte " + at + " of it)", -1);
  }

  /** Function information of a section: each {@code slot << 32 | position}, ascending. */
  long[] functions(int section) {
    return orNone(functions[section]);
  }

  /** Line information of a section, alike. */
  long[] lines(int section) {
    return orNone(lines[section]);
  }

  /** CO-RE relocations of a section, alike. */
  long[] relocations(int section) {
    return orNone(relocations[section]);
  }

  private static long[] orNone(long[] records) {
    return records == null ? NONE : records;
  }

  /** Index of the first record at or behind a slot. */
  static int firstAt(long[] records, int slot) {
    int index = Arrays.binarySearch(records, (long) slot << 32);
    return index < 0 ? -index - 1 : index;
  }

  static int slot(long record) {
    return (int) (record >>> 32);
  }

  /** A number of a record: 0 is the offset of its instruction, 1 what follows it, and so on. */
  int field(long record, int index) {
    return data.getInt((int) record + index * 4);
  }
}
