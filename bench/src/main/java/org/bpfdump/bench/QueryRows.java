// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.query.Field;
import org.bpfdump.query.Query;
import org.bpfdump.query.RecordQuery;
import org.bpfdump.query.Rows;

/** Rows of many open files as records: against C, and all of them against a condition's few. */
final class QueryRows {
  private static final int FILES = 200_000;
  private static final String WHERE = "fd % 1000 == 7";

  /** A row. */
  record OpenFile(
      int tgid, @Field("task.comm") String comm, int fd, @Field("path(file.f_path)") String path) {}

  /** What a pass of either side gave. */
  private record Pass(double nanos, long rows, long sum) {
    /** The line of the C peer. */
    static Pass of(String answer) {
      double[] numbers = Peer.numbers(answer);
      return new Pass(numbers[0], (long) numbers[1], (long) numbers[2]);
    }
  }

  /** One pass of one side. */
  private interface Side {
    Pass pass() throws IOException;
  }

  private QueryRows() {}

  static List<Outcome> run(Setting setting) throws IOException {
    setting.progress("query: opening " + FILES + " files");
    List<Outcome> outcomes = new ArrayList<>();
    try (Peer files = new Peer(setting.program("files"), String.valueOf(FILES));
        LiveKernel kernel = LiveKernel.open();
        Peer peer =
            new Peer(
                setting.program("query"),
                setting.root().resolve("bench/src/main/bpf/file_paths.bpf.o").toString())) {
      String version = peer.answer();
      files.answer();
      RecordQuery<OpenFile> all = Query.of("task/file", OpenFile.class);
      outcomes.add(
          compare(
              setting,
              "query-rows",
              "`tgid task.comm fd path(file.f_path)` of 200,000 open files as Java records, from"
                  + " the query's text to its end",
              "a pass in C over a hand-written iterator that libbpf " + version + " has loaded",
              1.25,
              () -> pass(all, kernel),
              () -> Pass.of(peer.ask("1")),
              "the peer's program is loaded once, while the query is compiled and loaded in each"
                  + " round."));
      RecordQuery<OpenFile> few = all.where(WHERE);
      outcomes.add(
          compare(
              setting,
              "query-where",
              "the same records where `" + WHERE + "`, 1 in 1,000",
              "all of them, filtered in Java",
              0.5,
              () -> pass(few, kernel),
              () -> filtered(all, kernel),
              "both sides compile and load their query in each round."));
    }
    return outcomes;
  }

  private static Outcome compare(
      Setting setting,
      String row,
      String what,
      String peer,
      double target,
      Side ours,
      Side theirs,
      String note)
      throws IOException {
    int rounds = setting.rounds(40);
    int warmUp = setting.rounds(40);
    setting.progress(row + ": " + warmUp + " passes to warm up, then " + rounds + " rounds");
    double[] ratios = new double[rounds];
    long rows = Long.MAX_VALUE;
    double apart = 1;
    for (int i = 0; i < warmUp; i++) {
      ours.pass();
    }
    theirs.pass();
    for (int round = 0; round < rounds; round++) {
      Pass first = (round % 2 == 0 ? theirs : ours).pass();
      Pass second = (round % 2 == 0 ? ours : theirs).pass();
      // Other processes open and close files as well, a few; one round is as good as undisturbed.
      apart = Math.min(apart, apart(first.rows, second.rows) + apart(first.sum, second.sum));
      rows = Math.min(rows, Math.min(first.rows, second.rows));
      ratios[round] = round % 2 == 0 ? second.nanos / first.nanos : first.nanos / second.nanos;
    }
    if (apart > 0.001) {
      throw new IOException("the two sides differ in what they read, by " + apart);
    }
    return Outcome.ratio(
        row,
        what,
        peer,
        target,
        ratios,
        List.of(
            rounds
                + " rounds of a pass each, with "
                + rows
                + " rows or more, after "
                + warmUp
                + " passes in the JVM to warm up; the side that starts alternates; "
                + note,
            "Checked: both sides have as many rows, and the same sum of numbers and lengths of"
                + " texts."));
  }

  private static double apart(long a, long b) {
    return a == b ? 0 : (double) Math.abs(a - b) / Math.max(a, b);
  }

  private static Pass pass(RecordQuery<OpenFile> query, LiveKernel kernel) {
    long start = System.nanoTime();
    long count = 0;
    long sum = 0;
    try (Rows<OpenFile> files = query.on(kernel).rows()) {
      for (OpenFile file : files) {
        count++;
        sum += use(file);
      }
      files.receipt().requireComplete();
    }
    return new Pass(System.nanoTime() - start, count, sum);
  }

  private static Pass filtered(RecordQuery<OpenFile> query, LiveKernel kernel) {
    long start = System.nanoTime();
    long count = 0;
    long sum = 0;
    try (Rows<OpenFile> files = query.on(kernel).rows()) {
      for (OpenFile file : files) {
        if (file.fd % 1000 == 7) {
          count++;
          sum += use(file);
        }
      }
      files.receipt().requireComplete();
    }
    return new Pass(System.nanoTime() - start, count, sum);
  }

  private static long use(OpenFile file) {
    return (long) file.tgid + file.fd + file.comm.length() + file.path.length();
  }
}
