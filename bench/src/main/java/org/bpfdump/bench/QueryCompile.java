// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.query.LoadedQuery;
import org.bpfdump.query.Query;

/** From a query's text to a loaded program and its link, and the end of them. */
final class QueryCompile {
  /** As in {@code ten_columns.bpf.c}. */
  private static final String QUERY =
      "task: pid, tgid, comm, ppid = real_parent.tgid, uid = cred.uid, euid = cred.euid,"
          + " threads = signal.nr_threads, prio, utime, rss = mm.total_vm * 4";

  private QueryCompile() {}

  static List<Outcome> run(Setting setting) throws IOException {
    int rounds = setting.rounds(50);
    int warmUp = setting.quick() ? 200 : 500;
    int batch = 10;
    double[] ratios = new double[rounds];
    double[] alone = new double[rounds];
    String object = setting.root().resolve("bench/src/main/bpf/ten_columns.bpf.o").toString();
    String version;
    try (Peer peer = new Peer(setting.program("warm"), object)) {
      version = peer.answer();
      setting.progress("compile: " + warmUp + " iterations to warm up, then " + rounds + " rounds");
      ours(warmUp);
      theirs(peer, warmUp / 10);
      for (int round = 0; round < rounds; round++) {
        double theirs = round % 2 == 0 ? theirs(peer, batch) : 0;
        double[][] ours = ours(batch);
        theirs = round % 2 == 0 ? theirs : theirs(peer, batch);
        ratios[round] = Spread.median(ours[0]) / theirs;
        alone[round] = Spread.median(ours[1]) / theirs;
      }
    }
    return List.of(
        Outcome.ratio(
            "query-compile",
            "compile a query of ten columns: parse vmlinux BTF, text to loaded program, attach,"
                + " close",
            "C with libbpf " + version + " and the equivalent object",
            1.5,
            ratios,
            List.of(
                rounds
                    + " rounds of "
                    + batch
                    + " iterations on each side, the median of each, after "
                    + warmUp
                    + " in the JVM to warm up; the side that starts alternates.",
                String.format(
                    Locale.ROOT,
                    "With a kernel that is open already, whose BTF need not be parsed, as libbpf"
                        + " does for each object, it is %.2f times.",
                    Spread.median(alone)))));
  }

  private static double theirs(Peer peer, int count) throws IOException {
    return Spread.median(Peer.numbers(peer.ask(String.valueOf(count))));
  }

  /** Nanoseconds of each iteration with a new kernel, and then again with the same one. */
  private static double[][] ours(int count) {
    double[][] nanos = new double[2][count];
    for (int i = 0; i < count; i++) {
      long start = System.nanoTime();
      LiveKernel kernel = LiveKernel.open();
      compile(kernel);
      long first = System.nanoTime();
      compile(kernel);
      long second = System.nanoTime();
      kernel.close();
      long closed = System.nanoTime();
      nanos[0][i] = first - start + closed - second;
      nanos[1][i] = second - first;
    }
    return nanos;
  }

  private static void compile(LiveKernel kernel) {
    LoadedQuery query = Query.parse(QUERY).load(kernel);
    query.close();
  }
}
