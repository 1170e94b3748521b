// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/** Writes down what a run gave. */
final class Results {
  private static final int REALTIME_PRIORITY = 40;

  private Results() {}

  static String markdown(List<Outcome> outcomes) throws IOException {
    StringBuilder out = new StringBuilder();
    out.append("# Results\n\nWritten by `bench/run`; every number is from one run of it, on ");
    out.append(LocalDate.now(ZoneOffset.UTC)).append(" with ").append(environment());
    out.append(
        ". Both sides of a ratio took turns, round by round; a ratio is bpfdump's time over its"
            + " peer's in the same round.\n\n");
    out.append("| row | what | peer | at most | least | median | greatest | verdict |\n");
    out.append("|---|---|---|---|---|---|---|---|\n");
    for (Outcome o : outcomes) {
      out.append("| ").append(o.row()).append(" | ").append(o.what());
      out.append(" | ").append(o.peer().isEmpty() ? "-" : o.peer());
      out.append(" | ").append(o.number(o.target())).append(' ').append(o.unit());
      out.append(" | ").append(o.number(o.measured().least()));
      out.append(" | ").append(o.number(o.measured().median()));
      out.append(" | ").append(o.number(o.measured().greatest()));
      out.append(" | ").append(o.verdict()).append(" |\n");
    }
    for (Outcome o : outcomes) {
      out.append("\n## ").append(o.row()).append("\n\n");
      for (String note : o.notes()) {
        out.append("- ").append(note).append('\n');
      }
    }
    return out.toString();
  }

  /** Kernel, JDK and processors, without what names the machine. */
  private static String environment() throws IOException {
    String release = Files.readString(Path.of("/proc/sys/kernel/osrelease")).trim();
    return "Linux "
        + release.split("[^0-9.]")[0]
        + " "
        + System.getProperty("os.arch")
        + ", JDK "
        + Runtime.version()
        + ", "
        + Runtime.getRuntime().availableProcessors()
        + " processors"
        + (realTime() ? ", at real-time priority" : "");
  }

  /** Whether this process, and so those it started, run before all usual ones; see proc(5). */
  private static boolean realTime() throws IOException {
    String stat = Files.readString(Path.of("/proc/self/stat"));
    // Fields count from 1; the second, a name in parentheses, may contain blanks.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Integer.parseInt(fields[REALTIME_PRIORITY - 3]) > 0;
  }
}
