// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bpfdump.error.UnsupportedException;

/** What some maps must know of the machine. */
final class Machine {
  private static final Path POSSIBLE = Path.of("/sys/devices/system/cpu/possible");

  /**
   * The smallest page of any architecture; where pages are larger, the kernel refuses a smaller
   * ring and says so.
   */
  private static final int PAGE = 4096;

  private Machine() {}

  /** Number of CPUs that the kernel has room for. */
  static int possibleCpus() {
    try {
      return cpus(Files.readString(POSSIBLE).strip());
    } catch (IOException e) {
      throw new UnsupportedException("cannot read " + POSSIBLE + ": " + e);
    }
  }

  /** How many CPUs a list such as {@code 0-3,8} has. */
  static int cpus(String list) {
    int count = 0;
    for (String range : list.split(",", -1)) {
      int dash = range.indexOf('-');
      count +=
          dash < 0
              ? 1
              : Integer.parseInt(range.substring(dash + 1))
                  - Integer.parseInt(range.substring(0, dash))
                  + 1;
    }
    return count;
  }

  /** The size that a ring buffer of at least this many bytes has: pages, a power of two of them. */
  static int ringSize(int bytes) {

    if (bytes <= 0 || bytes > 1 << 30) {
      return bytes; // the kernel says what is wrong with it
    }
    int size = PAGE;
    while (size < bytes) {
      size <<= 1;
    }
    return size;
  }
}
