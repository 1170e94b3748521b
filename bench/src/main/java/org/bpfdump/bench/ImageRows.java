// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.bpfdump.image.ImageKernel;
import org.bpfdump.query.Field;
import org.bpfdump.query.Query;
import org.bpfdump.query.RecordQuery;
import org.bpfdump.query.Rows;

/** Rows of an image's open files as records, in a process that has done so before. */
final class ImageRows {
  /**
   * By how much texts may differ: drgn names sockets, pipes and their like by their file system,
   * where the kernel has numbers, and does not say of files that they are deleted.
   */
  private static final long DIFFERENT_PATHS = 1000;

  /** A row with the last name of its path. */
  record NamedFile(
      @Field("task.tgid") int tgid,
      int fd,
      @Field("str(file.f_path.dentry.d_name.name)") String name) {}

  /** A row with its path. */
  record PathFile(@Field("task.tgid") int tgid, int fd, @Field("path(file.f_path)") String path) {}

  /** What a pass of either side gave. */
  private record Pass(double nanos, long rows, long sum) {
    /** The line of the peer. */
    static Pass of(String answer) {
      double[] numbers = Peer.numbers(answer);
      return new Pass(numbers[0], (long) numbers[1], (long) numbers[2]);
    }
  }

  /** One pass of one side. */
  private interface Side {
    Pass pass() throws IOException;
  }

  private ImageRows() {}

  static List<Outcome> run(Setting setting, LargeImage image) throws IOException {
    String[] arguments = image.drgn(setting, "serve").toArray(String[]::new);
    RecordQuery<NamedFile> names = Query.of("task/file", NamedFile.class);
    RecordQuery<PathFile> paths = Query.of("task/file", PathFile.class);
    try (ImageKernel kernel = ImageKernel.open(image.file());
        Peer peer = new Peer(Path.of("/usr/bin/python3"), arguments)) {
      String version = peer.answer();
      return List.of(
          compare(
              setting,
              "image-rows-" + image.form(),
              "`task.tgid fd str(file.f_path.dentry.d_name.name)` of every open file of an image as"
                  + " Java records",
              "drgn " + version + ", within its process",
              0,
              () -> names(names, kernel),
              () -> Pass.of(peer.ask("names"))),
          compare(
              setting,
              "image-paths-" + image.form(),
              "`task.tgid fd path(file.f_path)` of the same",
              "the same with `d_path`",
              DIFFERENT_PATHS,
              () -> paths(paths, kernel),
              () -> Pass.of(peer.ask("paths"))));
    }
  }

  private static Outcome compare(
      Setting setting, String row, String what, String peer, long apart, Side ours, Side theirs)
      throws IOException {
    int rounds = setting.rounds(8);
    int warmUp = setting.rounds(40);
    setting.progress(row + ": " + warmUp + " passes to warm up, then " + rounds + " rounds");
    double[] ratios = new double[rounds];
    double[] rates = new double[rounds];
    double[] theirRates = new double[rounds];
    for (int i = 0; i < warmUp; i++) {
      ours.pass();
    }
    theirs.pass();
    for (int round = 0; round < rounds; round++) {
      boolean first = round % 2 == 0;
      Pass before = first ? null : ours.pass();
      Pass their = theirs.pass();
      Pass our = first ? ours.pass() : before;
      if (our.rows != their.rows || Math.abs(our.sum - their.sum) > apart) {
        throw new IOException("the two sides differ in what they read: " + our + ", " + their);
      }
      ratios[round] = our.nanos / their.nanos;
      rates[round] = our.rows / our.nanos * 1e9;
      theirRates[round] = their.rows / their.nanos * 1e9;
    }
    return Outcome.ratio(
        row,
        what,
        peer,
        1.0 / 20,
        ratios,
        List.of(
            String.format(
                Locale.ROOT,
                "%d rounds of a pass each, after %d passes in the JVM to warm up; the side that"
                    + " starts alternates; both have opened the image before, and the query is"
                    + " compiled anew in each round. bpfdump is %.1f times faster, to reach 20:"
                    + " %.0f rows a second, drgn %.0f.",
                rounds,
                warmUp,
                1 / Spread.median(ratios),
                Spread.median(rates),
                Spread.median(theirRates)),
            "Checked: both sides have as many rows, and the same sum of numbers and lengths of"
                + " texts"
                + (apart == 0 ? "." : ", but for sockets and deleted files.")));
  }

  private static Pass names(RecordQuery<NamedFile> query, ImageKernel kernel) {
    long start = System.nanoTime();
    long count = 0;
    long sum = 0;
    try (Rows<NamedFile> files = query.on(kernel).rows()) {
      for (NamedFile file : files) {
        count++;
        sum += (long) file.tgid + file.fd + file.name.length();
      }
      files.receipt().requireComplete();
    }
    return new Pass(System.nanoTime() - start, count, sum);
  }

  private static Pass paths(RecordQuery<PathFile> query, ImageKernel kernel) {
    long start = System.nanoTime();
    long count = 0;
    long sum = 0;
    try (Rows<PathFile> files = query.on(kernel).rows()) {
      for (PathFile file : files) {
        count++;
        sum += (long) file.tgid + file.fd + file.path.length();
      }
      files.receipt().requireComplete();
    }
    return new Pass(System.nanoTime() - start, count, sum);
  }
}
