// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.obj;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.UnsupportedException;

/**
 * The sections, symbols and relocations of an ELF64 relocatable object for BPF, which may be
 * hostile: everything read here lies inside the file, and names are bounded. Source: {@code
 * elf(5)}, {@code Documentation/bpf/standardization}.
 */
final class Elf {
  static final int SHT_PROGBITS = 1;
  static final int SHT_NOBITS = 8;
  static final int STT_OBJECT = 1;
  static final int STT_FUNC = 2;
  static final int STT_SECTION = 3;
  static final int STB_LOCAL = 0;
  static final int STB_WEAK = 2;

  private static final int SHT_SYMTAB = 2;
  private static final int SHT_RELA = 4;
  private static final int SHT_REL = 9;
  private static final int SHF_EXECINSTR = 4;
  private static final int HEADER = 64;
  private static final int SECTION_HEADER = 64;
  private static final int SYMBOL = 24;
  private static final int RELOCATION = 16;
  private static final int EM_BPF = 247;
  private static final int ET_REL = 1;

  /** Longer than any name the kernel takes; keeps many symbols from sharing one huge name. */
  private static final int MAX_NAME = 1024;

  /**
   * A section.
   *
   * @param offset in the file
   * @param size in bytes; of {@link #SHT_NOBITS} anything up to 2^63, else inside the file
   */
  record Section(int index, String name, int type, long flags, int offset, long size, int info) {
    boolean executable() {
      return type == SHT_PROGBITS && (flags & SHF_EXECINSTR) != 0;
    }
  }

  /**
   * A symbol.
   *
   * @param section index of its section, which exists, or 0 for undefined, or 0xff00 and above
   * @param visibility 0 default, 1 internal, 2 hidden, 3 protected
   */
  record Symbol(
      String name, int section, int type, int binding, int visibility, long value, long size) {
    boolean isExtern() {
      return section == 0 && type == 0 && binding != STB_LOCAL && !name.isEmpty();
    }

    boolean hidden() {
      return visibility == 1 || visibility == 2;
    }
  }

  private final String name;
  private final byte[] bytes;
  private final ByteBuffer buffer;
  private final Section[] sections;
  private final Map<String, Section> byName = new HashMap<>();
  private final Symbol[] symbols;

  /**
   * @param name what to call the file in messages
   */
  Elf(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes;
    this.buffer = ByteBuffer.wrap(bytes);
    identify();
    this.sections = readSections();
    for (Section section : sections) {
      byName.putIfAbsent(section.name, section);
    }
    this.symbols = readSymbols();
  }

  private void identify() {
    if (bytes.length < 4
        || bytes[0] != 0x7F
        || bytes[1] != 'E'
        || bytes[2] != 'L'
        || bytes[3] != 'F') {
      throw malformed("is not an ELF file: make one with clang -target bpf -g -O2 -c", 0);
    }
    if (bytes.length < HEADER) {
      throw malformed("is cut short: its ELF header needs " + HEADER + " bytes", bytes.length);
    }
    switch (bytes[5]) {
      case 1 -> buffer.order(ByteOrder.LITTLE_ENDIAN);
      case 2 -> buffer.order(ByteOrder.BIG_ENDIAN);
      default -> throw malformed("has an unknown byte order, " + (bytes[5] & 0xFF), 5);
    }
    int machine = buffer.getShort(18) & 0xFFFF;
    if (machine != EM_BPF) {
      throw new UnsupportedException(
          name + " is for " + machine(machine) + ", not for BPF: compile it with -target bpf");
    }
    if (bytes[4] != 2) {
      throw new UnsupportedException(name + " is a 32-bit ELF file: BPF objects have 64 bits");
    }
    int type = buffer.getShort(16) & 0xFFFF;
    if (type != ET_REL) {
      throw new UnsupportedException(
          name + " is not a relocatable object (ELF type " + type + "): compile it with -c");
    }
  }

  private static String machine(int number) {
    return switch (number) {
      case 3 -> "i386 (ELF machine 3)";
      case 8 -> "MIPS (ELF machine 8)";
      case 20 -> "PowerPC (ELF machine 20)";
      case 21 -> "PowerPC64 (ELF machine 21)";
      case 22 -> "s390 (ELF machine 22)";
      case 40 -> "Arm (ELF machine 40)";
      case 62 -> "x86-64 (ELF machine 62)";
      case 183 -> "AArch64 (ELF machine 183)";
      case 243 -> "RISC-V (ELF machine 243)";
      case 258 -> "LoongArch (ELF machine 258)";
      default -> "ELF machine " + number;
    };
  }

  private Section[] readSections() {
    long start = buffer.getLong(40);
    int count = buffer.getShort(60) & 0xFFFF;
    int names = buffer.getShort(62) & 0xFFFF;
    if (count == 0) {
      throw malformed("has no sections", 60);
    }
    if ((buffer.getShort(58) & 0xFFFF) != SECTION_HEADER) {
      throw malformed("has section headers of a wrong size", 58);
    }
    int at = inside(start, (long) count * SECTION_HEADER, "its section headers end", 40);
    if (names >= count) {
      throw malformed("has no section names", 62);
    }
    int namesHeader = at + names * SECTION_HEADER;
    long namesSize = buffer.getLong(namesHeader + 32);
    int namesAt =
        inside(buffer.getLong(namesHeader + 24), namesSize, "its section names end", namesHeader);
    Section[] read = new Section[count];
    // The first header stands for no section, whatever it says.
    read[0] = new Section(0, "", 0, 0, 0, 0, 0);
    at += SECTION_HEADER;
    for (int i = 1; i < count; i++, at += SECTION_HEADER) {
      int type = buffer.getInt(at + 4);
      long size = buffer.getLong(at + 32);
      int offset = 0;
      if (type == SHT_NOBITS) {
        if (size < 0) {
          throw malformed("has a section of negative size", at + 32);
        }
      } else {
        offset = inside(buffer.getLong(at + 24), size, "section " + i + " ends", at + 24);
      }
      read[i] =
          new Section(
              i,
              string(namesAt, (int) namesSize, buffer.getInt(at), at),
              type,
              buffer.getLong(at + 8),
              offset,
              size,
              buffer.getInt(at + 44));
    }
    return read;
  }

  private Symbol[] readSymbols() {
    Section table = null;
    for (Section section : sections) {
      if (section.type == SHT_SYMTAB) {
        if (table != null) {
          throw malformed("has two symbol tables", section.offset);
        }
        table = section;
      }
    }
    if (table == null) {
      throw malformed("has no symbol table: do not strip it", -1);
    }
    // The link is not kept in Section: nothing but the symbol table needs it.
    int headers = (int) buffer.getLong(40);
    int link = buffer.getInt(headers + table.index * SECTION_HEADER + 40);
    if (link <= 0 || link >= sections.length || sections[link].type == SHT_NOBITS) {
      throw malformed("has no names for its symbols", table.offset);
    }
    Section names = sections[link];
    Symbol[] read = new Symbol[(int) (table.size / SYMBOL)];
    for (int i = 0, at = table.offset; i < read.length; i++, at += SYMBOL) {
      int section = buffer.getShort(at + 6) & 0xFFFF;
      if (section >= sections.length && section < 0xFF00) {
        throw malformed("has symbol " + i + " in section " + section + ", which is missing", at);
      }
      int info = bytes[at + 4];
      read[i] =
          new Symbol(
              string(names.offset, (int) names.size, buffer.getInt(at), at),
              section,
              info & 0xF,
              (info >>> 4) & 0xF,
              bytes[at + 5] & 3,
              buffer.getLong(at + 8),
              buffer.getLong(at + 16));
    }
    return read;
  }

  private int inside(long offset, long size, String what, int at) {
    if (offset < 0 || size < 0 || size > bytes.length || offset > bytes.length - size) {
      throw malformed("is cut short: " + what + " behind its end", at);
    }
    return (int) offset;
  }

  private String string(int table, int size, int offset, int at) {
    if (offset == 0) {
      return "";
    }
    if (offset < 0 || offset >= size) {
      throw malformed("has a name outside its names", at);
    }
    int start = table + offset;
    int limit = table + Math.min(size, offset + MAX_NAME);
    int end = start;
    while (end < limit && bytes[end] != 0) {
      end++;
    }
    if (end == limit) {
      throw malformed("has a name without end", start);
    }
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }

  String name() {
    return name;
  }

  /** Size of the whole file, in bytes. */
  int length() {
    return bytes.length;
  }

  ByteOrder order() {
    return buffer.order();
  }

  int sectionCount() {
    return sections.length;
  }

  Section section(int index) {
    return sections[index];
  }

  /** The first section of this name; null for none. */
  Section section(String sectionName) {
    return byName.get(sectionName);
  }

  int symbolCount() {
    return symbols.length;
  }

  Symbol symbol(int index) {
    return symbols[index];
  }

  /** The bytes of a section, in the file's byte order; none for {@link #SHT_NOBITS}. */
  ByteBuffer data(Section section) {
    int size = section.type == SHT_NOBITS ? 0 : (int) section.size;
    return ByteBuffer.wrap(bytes, section.offset, size).slice().order(buffer.order());
  }

  /** A copy of the bytes of a section. */
  byte[] copy(Section section) {
    int size = section.type == SHT_NOBITS ? 0 : (int) section.size;
    return Arrays.copyOfRange(bytes, section.offset, section.offset + size);
  }

  /**
   * The relocations of a section, ascending by offset: each {@code offset << 32 | symbol}, both
   * checked.
   */
  long[] relocations(Section target) {
    long[] found = null;
    boolean sorted = true;
    for (Section section : sections) {
      if (section.info != target.index || (section.type != SHT_REL && section.type != SHT_RELA)) {
        continue;
      }
      if (section.type == SHT_RELA) {
        throw new UnsupportedException(
            name + " has relocations with addends for " + shown(target.name) + ": use clang");
      }
      if (found != null) {
        throw malformed("has two sections of relocations for " + shown(target.name), -1);
      }
      int count = (int) (section.size / RELOCATION);
      found = new long[count];
      for (int i = 0, at = section.offset; i < count; i++, at += RELOCATION) {
        long offset = buffer.getLong(at);
        long symbol = buffer.getLong(at + 8) >>> 32;
        if (offset < 0 || offset >= target.size || offset > Integer.MAX_VALUE) {
          throw malformed("has a relocation outside section " + shown(target.name), at);
        }
        if (symbol >= symbols.length) {
          throw malformed("has a relocation to symbol " + symbol + ", which is missing", at + 8);
        }
        found[i] = (offset << 32) | symbol;
        sorted &= i == 0 || found[i] > found[i - 1];
      }
    }
    if (found == null) {
      return new long[0];
    }
    if (!sorted) {
      Arrays.sort(found);
    }
    return found;
  }

  MalformedException malformed(String what, long offset) {
    return new MalformedException(name + " " + what, offset);
  }

  /** Whether a C name may have this character. */
  static boolean isWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  /** A name from a file as part of a message: one line, not long. */
  static String shown(String untrusted) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < untrusted.length(); i++) {
      char c = untrusted.charAt(i);
      if (i == 100) {
        return shown.append("...").toString();
      }
      shown.append(Character.isISOControl(c) ? '?' : c);
    }
    return shown.toString();
  }
}
