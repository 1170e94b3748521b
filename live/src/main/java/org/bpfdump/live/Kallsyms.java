// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bpfdump.error.RelocationException;

/** Addresses of the kernel's symbols, from {@code /proc/kallsyms}. */
final class Kallsyms {
  private static final Path FILE = Path.of("/proc/kallsyms");

  private Kallsyms() {}

  /**
   * The address of a symbol; 0 when there is none.
   *
   * @throws RelocationException when symbols of this name have different addresses
   */
  static long address(String name) {
    long found = 0;
    try (BufferedReader lines = Files.newBufferedReader(FILE)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        // ffffffff81000000 T _text [module]
        int start = line.indexOf(' ') + 3;
        if (start < 3 || !line.startsWith(name, start) || !ends(line, start + name.length())) {
          continue;
        }
        long address = Long.parseUnsignedLong(line, 0, start - 3, 16);
        if (found != 0 && address != found) {
          throw new RelocationException(
              "symbol " + name + " has several addresses in this kernel; choose another");
        }
        found = address;
      }
    } catch (IOException e) {
      throw new RelocationException("cannot read " + FILE + " for symbol " + name + ": " + e);
    }
    return found;
  }

  /** Whether a name ends here: at the line's end, before a module, or before what LLVM appended. */
  private static boolean ends(String line, int at) {
    return at == line.length()
        || line.charAt(at) == '\t'
        || line.charAt(at) == ' '
        || line.startsWith(".llvm.", at);
  }
}
