// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.bench;

import java.io.IOException;

/** What whole commands took, by command and round; the peer is the first command. */
final class Runs {
  private static final int PEER = 0;

  /** Time from start to end. */
  final double[][] nanos;

  /** Greatest resident set. */
  final double[][] kilobytes;

  /** Processor time in nanoseconds. */
  final double[][] processor;

  private Runs(int commands, int rounds) {
    nanos = new double[commands][rounds];
    kilobytes = new double[commands][rounds];
    processor = new double[commands][rounds];
  }

  /** Runs commands of a shell in turn. */
  static Runs of(Setting setting, int rounds, String... commands) throws IOException {
    String[] arguments = new String[1 + commands.length];
    arguments[0] = String.valueOf(rounds);
    System.arraycopy(commands, 0, arguments, 1, commands.length);
    Runs runs = new Runs(commands.length, rounds);
    try (Peer runner = new Peer(setting.program("cold"), arguments)) {
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < commands.length; i++) {
          double[] run = Peer.numbers(runner.answer());
          runs.nanos[(int) run[0]][round] = run[1];
          runs.kilobytes[(int) run[0]][round] = run[2];
          runs.processor[(int) run[0]][round] = run[3];
        }
      }
    }
    return runs;
  }

  /** Of each round, a command's value over the peer's. */
  static double[] ratios(double[][] values, int command) {
    return ratios(values[command], values[PEER]);
  }

  /** Of each round, one value over another. */
  static double[] ratios(double[] ours, double[] theirs) {
    double[] ratios = new double[ours.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = ours[i] / theirs[i];
    }
    return ratios;
  }
}
