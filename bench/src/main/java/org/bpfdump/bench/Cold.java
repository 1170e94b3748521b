// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The whole command, from before its process starts until after it has ended. */
final class Cold {
  private static final int OURS = 1;
  private static final int HELLO = 2;
  private static final int VERSION = 3;

  private Cold() {}

  static List<Outcome> run(Setting setting) throws IOException {
    int rounds = setting.rounds(60);
    setting.progress("cold: " + rounds + " rounds");
    Path pin = setting.bpffs().resolve("cold");
    Path object = setting.root().resolve("examples", "task.bpf.o");
    Runs runs =
        Runs.of(
            setting,
            rounds,
            "bpftool iter pin " + object + " " + pin + " && cat " + pin + " && rm " + pin,
            "exec " + setting.root().resolve("bpfdump") + " run " + object,
            "exec "
                + Path.of(System.getProperty("java.home"), "bin", "java")
                + " -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -cp "
                + setting.root().resolve("bench/target/quick/classes")
                + " org.bpfdump.bench.Hello",
            "exec " + setting.root().resolve("bpfdump") + " --version");
    double[] ratios = Runs.ratios(runs.nanos, OURS);
    double hello = Spread.median(Runs.ratios(runs.nanos, HELLO));
    double[] megabytes = new double[rounds];
    double[] helloMegabytes = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      megabytes[i] = runs.kilobytes[OURS][i] / 1024;
      helloMegabytes[i] = runs.kilobytes[HELLO][i] / 1024;
    }
    Spread memory = Spread.of(megabytes);
    return List.of(
        Outcome.ratio(
            "cold",
            "cold `bpfdump run examples/task.bpf.o`, the whole process, to /dev/null",
            "`bpftool iter pin` + `cat` + `rm`",
            8,
            ratios,
            List.of(
                rounds
                    + " rounds, in each of which the peer, bpfdump, a bare JVM and `bpfdump"
                    + " --version` run in turn.",
                String.format(
                    Locale.ROOT,
                    "Where the time goes: a JVM that only says hello takes %.2f times the peer's"
                        + " time, and `bpfdump --version`, which starts as every command does and"
                        + " asks nothing of the kernel, %.2f times. The rest is the first system"
                        + " call through the foreign function API, BTF, and the kernel's own work.",
                    hello,
                    Spread.median(Runs.ratios(runs.nanos, VERSION))),
                String.format(
                    Locale.ROOT,
                    "Processor time, which other work on the machine disturbs less and which"
                        + " several threads add up to, is %.2f times the peer's; that of hello %.2f.",
                    Spread.median(Runs.ratios(runs.processor, OURS)),
                    Spread.median(Runs.ratios(runs.processor, HELLO))))),
        new Outcome(
            "memory",
            "greatest resident set of that process",
            "",
            80,
            "MB",
            memory,
            memory.greatest(),
            List.of(
                "The greatest of all rounds decides. MB are 2^20 bytes here, and shared pages of the"
                    + " JDK count.",
                String.format(
                    Locale.ROOT,
                    "A JVM that only says hello has %.1f MB.",
                    Spread.median(helloMegabytes)))));
  }
}
