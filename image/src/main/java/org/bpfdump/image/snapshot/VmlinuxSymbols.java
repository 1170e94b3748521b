// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.UnsupportedException;

/** Reads the symbols of an ELF executable. Only its headers and tables are read. Source: elf(5). */
final class VmlinuxSymbols {
  private static final int HEADER = 64;
  private static final int SECTION = 64;
  private static final int SYMBOL = 24;
  private static final int SHT_SYMTAB = 2;
  private static final int SHT_NOBITS = 8;
  private static final int SHF_WRITE = 1;
  private static final int SHF_EXECINSTR = 4;
  private static final int STT_SECTION = 3;
  private static final int STT_FILE = 4;
  private static final int SHN_LORESERVE = 0xFF00;

  /** Bytes of a table at most. */
  private static final long MOST = 1L << 28;

  private static final int LONGEST = 1024;

  private final Path file;
  private final FileChannel in;

  VmlinuxSymbols(Path file, FileChannel in) {
    this.file = file;
    this.in = in;
  }

  SymbolTable read() throws IOException {
    ByteBuffer header = bytes(0, HEADER, "its header");
    if (header.get(4) != 2 || header.get(5) != 1) {
      throw new UnsupportedException(
          file + " is not a 64-bit little-endian ELF file, as the image's kernel is");
    }
    int count = header.getShort(60) & 0xFFFF;
    if ((header.getShort(58) & 0xFFFF) != SECTION) {
      throw malformed("has section headers of a wrong size", 58);
    }
    ByteBuffer sections = bytes(header.getLong(40), (long) count * SECTION, "its section headers");
    for (int i = 0; i < count; i++) {
      int at = i * SECTION;
      int strings = sections.getInt(at + 40);
      if (sections.getInt(at + 4) == SHT_SYMTAB && strings > 0 && strings < count) {
        return symbols(
            sections,
            count,
            bytes(sections.getLong(at + 24), sections.getLong(at + 32), "its symbols"),
            bytes(
                sections.getLong(strings * SECTION + 24),
                sections.getLong(strings * SECTION + 32),
                "its symbols' names"));
      }
    }
    throw new UnsupportedException(
        file + " has no symbols: give a vmlinux that is not stripped, or a System.map");
  }

  private static SymbolTable symbols(
      ByteBuffer sections, int count, ByteBuffer table, ByteBuffer strings) {
    SymbolTable.Builder symbols = new SymbolTable.Builder();
    for (int at = SYMBOL; at + SYMBOL <= table.limit(); at += SYMBOL) {
      int kind = table.get(at + 4) & 0xF;
      int section = table.getShort(at + 6) & 0xFFFF;
      int name = table.getInt(at);
      if (section == 0 || kind == STT_SECTION || kind == STT_FILE) {
        continue;
      }
      int end = name;
      while (end >= 0 && end < strings.limit() && strings.get(end) != 0 && end - name < LONGEST) {
        end++;
      }
      if (name > 0 && end > name) {
        byte[] text = new byte[end - name];
        strings.get(name, text);
        char letter =
            section < count ? letter(sections, section) : section >= SHN_LORESERVE ? 'a' : '?';
        boolean global = (table.get(at + 4) & 0xF0) != 0;
        symbols.add(
            new String(text, StandardCharsets.UTF_8),
            table.getLong(at + 8),
            global ? Character.toUpperCase(letter) : letter);
      }
    }
    return symbols.build();
  }

  /** As nm(1) has it, of a symbol that is local. */
  private static char letter(ByteBuffer sections, int section) {
    long flags = sections.getLong(section * SECTION + 8);
    if ((flags & SHF_EXECINSTR) != 0) {
      return 't';
    }
    if (sections.getInt(section * SECTION + 4) == SHT_NOBITS) {
      return 'b';
    }
    return (flags & SHF_WRITE) != 0 ? 'd' : 'r';
  }

  private ByteBuffer bytes(long offset, long size, String what) throws IOException {
    if (offset < 0 || size < 0 || size > MOST || offset > in.size() - size) {
      throw malformed("is cut short or broken: " + what + " would end after it", offset);
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (in.read(bytes, offset + bytes.position()) < 0) {
        throw new EOFException(file + " became shorter while it was read");
      }
    }
    return bytes.flip();
  }

  private MalformedException malformed(String what, long offset) {
    return new MalformedException(file + " " + what, offset);
  }
}
