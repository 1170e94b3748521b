// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.obj.ObjectFile;

/**
 * Kernel BTF, object, program, link and the end of them all, anew in each iteration, in a process
 * that has done so before.
 */
final class Warm {
  /** Parts of an iteration, of which each has its share of the time in the notes. */
  private static final String[] PARTS = {
    "the kernel's BTF", "the object", "load and attach", "closing"
  };

  private Warm() {}

  static List<Outcome> run(Setting setting) throws IOException {
    Path object = setting.root().resolve("examples", "task_file.bpf.o");
    int rounds = setting.rounds(50);
    int warmUp = setting.quick() ? 200 : 1000;
    int batch = 10;
    double[] ratios = new double[rounds];
    double[][] shares = new double[PARTS.length][rounds];
    String version;
    try (Peer peer = new Peer(setting.program("warm"), object.toString())) {
      version = peer.answer();
      setting.progress("warm: " + warmUp + " iterations to warm up, then " + rounds + " rounds");
      ours(object, warmUp);
      theirs(peer, warmUp / 10);
      for (int round = 0; round < rounds; round++) {
        double theirs = round % 2 == 0 ? theirs(peer, batch) : 0;
        double[][] ours = ours(object, batch);
        theirs = round % 2 == 0 ? theirs : theirs(peer, batch);
        double[] totals = new double[batch];
        for (int i = 0; i < batch; i++) {
          for (int part = 0; part < PARTS.length; part++) {
            totals[i] += ours[part][i];
          }
        }
        double total = Spread.median(totals);
        ratios[round] = total / theirs;
        for (int part = 0; part < PARTS.length; part++) {
          shares[part][round] = Spread.median(ours[part]) / total;
        }
      }
    }
    StringBuilder parts = new StringBuilder("Of bpfdump's time");
    for (int part = 0; part < PARTS.length; part++) {
      parts.append(
          String.format(
              Locale.ROOT,
              "%s %.0f %% is %s",
              part == 0 ? "" : ",",
              100 * Spread.median(shares[part]),
              PARTS[part]));
    }
    return List.of(
        Outcome.ratio(
            "warm",
            "warm: parse vmlinux BTF, load `task_file.bpf.o`, attach, close",
            "C with libbpf " + version,
            1,
            ratios,
            List.of(
                rounds
                    + " rounds of "
                    + batch
                    + " iterations on each side, the median of each, after "
                    + warmUp
                    + " in the JVM (default collector and compilers) to warm up; the side that"
                    + " starts alternates.",
                parts.append('.').toString())));
  }

  private static double theirs(Peer peer, int count) throws IOException {
    return Spread.median(Peer.numbers(peer.ask(String.valueOf(count))));
  }

  /** Nanoseconds of each part of each iteration. */
  private static double[][] ours(Path path, int count) throws IOException {
    double[][] nanos = new double[PARTS.length][count];
    for (int i = 0; i < count; i++) {
      long start = System.nanoTime();
      LiveKernel kernel = LiveKernel.open();
      kernel.btf().findId("task_struct", org.bpfdump.btf.BtfType.Struct.class);
      long opened = System.nanoTime();
      ObjectFile object = ObjectFile.read(path);
      long parsed = System.nanoTime();
      Dumper dumper = kernel.load(object.program());
      long loaded = System.nanoTime();
      dumper.close();
      kernel.close();
      long closed = System.nanoTime();
      nanos[0][i] = opened - start;
      nanos[1][i] = parsed - opened;
      nanos[2][i] = loaded - parsed;
      nanos[3][i] = closed - loaded;
    }
    return nanos;
  }
}
