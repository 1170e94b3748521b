// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.RequestException;

/**
 * Reads symbols from a file of the user, for kernels that do not have theirs in the image or do not
 * say where: a System.map, or a vmlinux. The file has them where the kernel was linked to be.
 */
final class SymbolFile {
  /** More symbols than any kernel has. */
  private static final int MOST = 1 << 22;

  private static final int LONGEST_LINE = 4096;

  /** Addresses from here on were moved with the kernel; those below are per-CPU or numbers. */
  private static final long MOVED = 0xFFFF_FFFF_8000_0000L;

  /** Variables whose addresses VMCOREINFO tells. */
  private static final List<String> KNOWN =
      List.of("_stext", "init_uts_ns", "swapper_pg_dir", "init_top_pgt", "prb", "node_online_map");

  private SymbolFile() {}

  /**
   * The symbols of a file, where this kernel has them.
   *
   * @throws IOException when it cannot be read
   * @throws MalformedException when it is neither
   * @throws RequestException when it is another kernel's
   */
  static Symbols read(Path file, Vmcoreinfo info) throws IOException {
    SymbolTable symbols;
    try (FileChannel in = FileChannel.open(file)) {
      byte[] magic = new byte[4];
      in.read(ByteBuffer.wrap(magic), 0);
      symbols =
          magic[0] == 0x7F && magic[1] == 'E' && magic[2] == 'L' && magic[3] == 'F'
              ? new VmlinuxSymbols(file, in).read()
              : map(file, Channels.newInputStream(in.position(0)));
    }
    return symbols.moved(MOVED, distance(file, symbols, info));
  }

  /** How far the kernel was from where it was linked to be. */
  private static long distance(Path file, Symbols symbols, Vmcoreinfo info) {
    OptionalLong distance = OptionalLong.empty();
    for (String name : KNOWN) {
      OptionalLong told = info.symbol(name);
      OptionalLong linked = symbols.find(name);
      if (told.isPresent() && linked.isPresent()) {
        long here = told.getAsLong() - linked.getAsLong();
        if (distance.isPresent() && distance.getAsLong() != here) {
          throw new RequestException(
              file
                  + " has the symbols of another kernel than the image, which is "
                  + info.text("OSRELEASE").orElse("unknown")
                  + ": give those of that one");
        }
        distance = OptionalLong.of(here);
      }
    }
    return distance.orElseGet(() -> info.kernelOffset().orElse(0));
  }

  private static SymbolTable map(Path file, InputStream in) throws IOException {
    SymbolTable.Builder symbols = new SymbolTable.Builder();
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1));
    long line = 1;
    for (String text = line(reader, file, line); text != null; text = line(reader, file, ++line)) {
      int letter = text.indexOf(' ') + 1;
      int name = letter + 2;
      if (letter < 2 || letter > 17 || name >= text.length() || text.charAt(letter + 1) != ' ') {
        throw broken(file, line);
      }
      // Modules' symbols in a copy of /proc/kallsyms end in "\t[module]".
      if (text.indexOf('\t', name) >= 0) {
        continue;
      }
      try {
        symbols.add(
            text.substring(name),
            Long.parseUnsignedLong(text, 0, letter - 1, 16),
            text.charAt(letter));
      } catch (NumberFormatException e) {
        throw broken(file, line);
      }
      if (symbols.count() > MOST) {
        throw new MalformedException(file + " has more symbols than any kernel", -1);
      }
    }
    if (symbols.count() == 0) {
      throw broken(file, 1);
    }
    return symbols.build();
  }

  /** A line, of bounded length; null at the end. */
  private static String line(BufferedReader reader, Path file, long number) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = reader.read(); c != '\n'; c = reader.read()) {
      if (c < 0) {
        return line.isEmpty() ? null : line.toString();
      }
      if (line.length() == LONGEST_LINE) {
        throw broken(file, number);
      }
      line.append((char) c);
    }
    return line.toString();
  }

  private static MalformedException broken(Path file, long line) {
    return new MalformedException(
        file
            + " is neither a System.map nor a vmlinux: line "
            + line
            + " is not an address, a letter and a name",
        -1);
  }
}
