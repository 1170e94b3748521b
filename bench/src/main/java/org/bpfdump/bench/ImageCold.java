// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Whole commands over an image, from before the process starts until after it has ended. */
final class ImageCold {
  private static final int DRGN = 0;
  private static final int OURS = 1;
  private static final int FIRST_DRGN = 2;
  private static final int FIRST = 3;
  private static final int INFO = 4;

  private static final String COLUMNS =
      "task/file task.tgid fd 'str(file.f_path.dentry.d_name.name)'";

  private ImageCold() {}

  static List<Outcome> run(Setting setting, LargeImage image) throws IOException {
    int rounds = setting.rounds(10);
    setting.progress("image-" + image.form() + ": " + rounds + " rounds of cold commands");
    Path ourRows = Files.createTempFile("bench", ".tsv");
    Path theirRows = Files.createTempFile("bench", ".tsv");
    try {
      String bpfdump =
          "exec " + setting.root().resolve("bpfdump") + " --image " + image.file() + " ";
      String drgn = "exec /usr/bin/python3 ";
      Runs runs =
          Runs.of(
              setting,
              rounds,
              drgn + String.join(" ", image.drgn(setting, "names")) + " >" + theirRows,
              bpfdump + "dump " + COLUMNS + " --format tsv --no-header >" + ourRows,
              drgn + String.join(" ", image.drgn(setting, "first")),
              bpfdump + "dump task --limit 1",
              bpfdump + "info");
      int rows = same(ourRows, theirRows);
      return List.of(
          Outcome.ratio(
              "image-cold-" + image.form(),
              "cold `bpfdump --image FILE dump " + COLUMNS + "`, the whole process, to a file",
              "drgn, from the same file with the kernel's debug information",
              1.0 / 3,
              Runs.ratios(runs.nanos, OURS),
              List.of(
                  String.format(
                      Locale.ROOT,
                      "%d rounds, in each of which drgn and bpfdump run in turn: bpfdump is %.1f"
                          + " times faster, to reach 3. Checked: both wrote the same %d rows.",
                      rounds,
                      1 / Spread.median(Runs.ratios(runs.nanos, OURS)),
                      rows),
                  String.format(
                      Locale.ROOT,
                      "Of bpfdump's time, %.0f %% is what `bpfdump --image FILE info` takes, %.0f %%"
                          + " what the first row does. Processor time is %.2f times drgn's.",
                      100 * Spread.median(Runs.ratios(runs.nanos[INFO], runs.nanos[OURS])),
                      100 * Spread.median(Runs.ratios(runs.nanos[FIRST], runs.nanos[OURS])),
                      Spread.median(Runs.ratios(runs.processor, OURS))))),
          memory(runs, image),
          Outcome.ratio(
              "image-first-" + image.form(),
              "cold `bpfdump --image FILE dump task --limit 1`, the whole process",
              "drgn, which prints the first process",
              1.0 / 5,
              Runs.ratios(runs.nanos[FIRST], runs.nanos[FIRST_DRGN]),
              List.of(
                  String.format(
                      Locale.ROOT,
                      "In the same rounds: bpfdump is %.1f times faster, to reach 5.",
                      1 / Spread.median(Runs.ratios(runs.nanos[FIRST], runs.nanos[FIRST_DRGN]))))),
          crash(setting, image, bpfdump));
    } finally {
      Files.delete(ourRows);
      Files.delete(theirRows);
    }
  }

  private static Outcome memory(Runs runs, LargeImage image) {
    double[] ratios = Runs.ratios(runs.kilobytes, OURS);
    Spread spread = Spread.of(ratios);
    return new Outcome(
        "image-memory-" + image.form(),
        "greatest resident set of that process",
        "drgn's",
        0.5,
        "times",
        spread,
        spread.greatest(),
        List.of(
            String.format(
                Locale.ROOT,
                "The greatest of all rounds decides. The medians are %.1f MB and drgn's %.1f MB;"
                    + " bpfdump reads pages and keeps 8 MB of them.",
                Spread.median(runs.kilobytes[OURS]) / 1024,
                Spread.median(runs.kilobytes[DRGN]) / 1024)));
  }

  private static Outcome crash(Setting setting, LargeImage image, String bpfdump)
      throws IOException {
    int rounds = setting.quick() ? 2 : 5;
    setting.progress("image-first-crash: " + rounds + " rounds");
    Path out = Files.createTempFile("bench", ".ps");
    try {
      Runs runs =
          Runs.of(
              setting,
              rounds,
              "printf 'ps\\nquit\\n' | crash -s "
                  + image.vmlinux()
                  + " "
                  + image.file()
                  + " >"
                  + out
                  + " 2>&1",
              bpfdump + "dump task --limit 1");
      double[] ratios = Runs.ratios(runs.nanos, 1);
      long tasks;
      try (var lines = Files.lines(out)) {
        tasks = lines.filter(line -> line.matches("[> ]+[0-9]+ .*")).count();
      }
      return Outcome.ratio(
          "image-first-crash-" + image.form(),
          "cold `bpfdump --image FILE dump task --limit 1`, the whole process",
          "crash, which starts, does `ps` and ends",
          1.0 / 5,
          ratios,
          List.of(
              String.format(
                  Locale.ROOT,
                  "%d rounds: bpfdump is %.1f times faster, to reach 5. crash showed %d tasks.",
                  rounds,
                  1 / Spread.median(ratios),
                  tasks)));
    } finally {
      Files.delete(out);
    }
  }

  /** How many rows both have, if they are the same in whatever order. */
  private static int same(Path ours, Path theirs) throws IOException {
    String[] mine = lines(ours);
    String[] others = lines(theirs);
    int different = Arrays.mismatch(mine, others);
    if (mine.length == 0 || different >= 0) {
      throw new IOException(
          "the two sides differ: "
              + mine.length
              + " rows and "
              + others.length
              + ", first "
              + Arrays.toString(Arrays.copyOfRange(mine, different, different + 1))
              + " and "
              + Arrays.toString(Arrays.copyOfRange(others, different, different + 1)));
    }
    return mine.length;
  }

  private static String[] lines(Path file) throws IOException {
    try (var lines = Files.lines(file)) {
      return lines.sorted().toArray(String[]::new);
    }
  }
}
