// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The whole command {@code dump}, from before its process starts until after it has ended. */
final class QueryCold {
  private static final int FILES = 200_000;
  private static final int MANY = 1_000_000;
  private static final String COLUMNS = " task/file tgid task.comm fd 'path(file.f_path)'";

  private QueryCold() {}

  static List<Outcome> run(Setting setting) throws IOException {
    return List.of(lsof(setting), memory(setting));
  }

  private static Outcome lsof(Setting setting) throws IOException {
    int rounds = setting.quick() ? 2 : 5;
    int each = 5;
    double[] ratios = new double[rounds];
    double rows;
    Path out = Files.createTempFile("bench", ".out");
    Path theirOut = Files.createTempFile("bench", ".out");
    setting.progress("dump: opening " + FILES + " files, then " + rounds + " rounds");
    String ours = "exec " + setting.root().resolve("bpfdump") + " dump" + COLUMNS + " >" + out;
    String theirs = "exec lsof -n -P >" + theirOut + " 2>/dev/null";
    try (Peer files = new Peer(setting.program("files"), String.valueOf(FILES))) {
      files.answer();
      String[] commands = {String.valueOf(rounds), theirs, ours, ours, ours, ours, ours};
      double[][] nanos = new double[1 + each][rounds];
      try (Peer runner = new Peer(setting.program("cold"), commands)) {
        for (int round = 0; round < rounds; round++) {
          for (int i = 0; i <= each; i++) {
            double[] run = Peer.numbers(runner.answer());
            nanos[(int) run[0]][round] = run[1];
          }
        }
      }
      for (int round = 0; round < rounds; round++) {
        double[] mine = new double[each];
        for (int i = 0; i < each; i++) {
          mine[i] = nanos[1 + i][round];
        }
        ratios[round] = Spread.median(mine) / nanos[0][round];
      }
      rows = lines(out);
      double theirRows = lines(theirOut);
      if (rows < FILES || theirRows < FILES) {
        throw new IOException(rows + " rows and " + theirRows + " of " + FILES + " files");
      }
    } finally {
      Files.delete(out);
      Files.delete(theirOut);
    }
    return Outcome.ratio(
        "query-cold",
        "cold `bpfdump dump" + COLUMNS + "` of 200,000 open files, the whole process, to a file",
        "`lsof -n -P`",
        1.0 / 15,
        ratios,
        List.of(
            String.format(
                Locale.ROOT,
                "%d rounds of one run of lsof and %d of bpfdump, whose median counts: bpfdump is"
                    + " %.1f times faster, to reach 15. It wrote %.0f lines.",
                rounds,
                each,
                1 / Spread.median(ratios),
                rows)));
  }

  private static Outcome memory(Setting setting) throws IOException {
    int rounds = setting.quick() ? 1 : 3;
    double[] megabytes = new double[rounds];
    double[] few = new double[rounds];
    double rows;
    Path out = Files.createTempFile("bench", ".csv");
    setting.progress("dump: opening " + MANY + " files, then " + rounds + " rounds");
    String dump = "exec " + setting.root().resolve("bpfdump") + " dump --format csv";
    try (Peer files = new Peer(setting.program("files"), String.valueOf(MANY))) {
      files.answer();
      String[] commands = {
        String.valueOf(rounds), dump + " --limit 1000" + COLUMNS, dump + COLUMNS + " >" + out
      };
      try (Peer runner = new Peer(setting.program("cold"), commands)) {
        for (int i = 0; i < rounds; i++) {
          few[i] = Peer.numbers(runner.answer())[2] / 1024;
          megabytes[i] = Peer.numbers(runner.answer())[2] / 1024;
        }
      }
      rows = lines(out);
      if (rows < MANY) {
        throw new IOException(rows + " rows of " + MANY + " files");
      }
    } finally {
      Files.delete(out);
    }
    Spread spread = Spread.of(megabytes);
    return new Outcome(
        "query-memory",
        "greatest resident set of a dump of 1,000,000 of those rows to CSV",
        "",
        120,
        "MB",
        spread,
        spread.greatest(),
        List.of(
            String.format(
                Locale.ROOT,
                "The greatest of %d rounds decides, as wait4(2) tells it; it wrote %.0f lines. With"
                    + " `--limit 1000` it is %.1f MB.",
                rounds,
                rows,
                Spread.median(few))));
  }

  /** How many lines a file has, counted without keeping them. */
  private static double lines(Path file) throws IOException {
    long count = 0;
    byte[] buffer = new byte[1 << 16];
    try (var in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        for (int i = 0; i < n; i++) {
          count += buffer[i] == '\n' ? 1 : 0;
        }
      }
    }
    return count;
  }
}
