// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bpfdump.asm.Wide;
import org.bpfdump.image.vm.Compiler;
import org.bpfdump.image.vm.Engine;
import org.bpfdump.image.vm.Processor;
import org.bpfdump.image.vm.Program;
import org.bpfdump.image.vm.Regions;

/** Programs that only compute: compiled to bytecode, and by the running kernel. */
final class MachineRow {
  private static final int REPEAT = 5_000;

  private MachineRow() {}

  static List<Outcome> run(Setting setting) throws IOException {
    int rounds = setting.rounds(40);
    setting.progress("machine: " + rounds + " rounds");
    // A round's ratio is that of the program that fares worst: none may be slower than that.
    double[] worst = new double[rounds];
    StringBuilder parts = new StringBuilder("By program:");
    String separator = "";
    for (ComputeBound program : ComputeBound.values()) {
      double[] ratios = ratios(program, rounds);
      for (int round = 0; round < rounds; round++) {
        worst[round] = Math.max(worst[round], ratios[round]);
      }
      parts.append(
          String.format(
              Locale.ROOT,
              "%s %s %.2f",
              separator,
              program.name().toLowerCase(Locale.ROOT).replace('_', ' '),
              Spread.median(ratios)));
      separator = ",";
    }
    return List.of(
        Outcome.ratio(
            "machine",
            "compute-bound programs compiled to bytecode, warm; the one that fares worst",
            "the kernel's compiler, by `BPF_PROG_TEST_RUN`",
            3,
            worst,
            List.of(
                rounds
                    + " rounds of "
                    + REPEAT
                    + " runs of each program on each side, after four such rounds to warm up."
                    + " Processor time, since the kernel does not count when others run either."
                    + " Checked: both sides compute the same.",
                parts.append('.').toString())));
  }

  private static double[] ratios(ComputeBound computed, int rounds) throws IOException {
    Regions memory = new Regions();
    long data = memory.add(new byte[ComputeBound.BYTES], true);
    Processor processor = new Processor(null, null, memory, null, null);
    Engine.Prepared prepared =
        new Compiler()
            .prepare(new Program(computed.name(), computed.code(Wide.VALUE, data), Map.of()));
    double[] ratios = new double[rounds];
    try (TestRun kernel = new TestRun(computed)) {
      for (int i = 0; i < 4; i++) {
        here(prepared, processor);
        kernel.run(REPEAT);
      }
      for (int round = 0; round < rounds; round++) {
        TestRun.Measured theirs = kernel.run(REPEAT);
        TestRun.Measured ours = here(prepared, processor);
        if (ours.result() != theirs.result()) {
          throw new IOException(computed + ": " + ours + " but the kernel " + theirs);
        }
        ratios[round] = ours.nanos() / theirs.nanos();
      }
    }
    return ratios;
  }

  private static TestRun.Measured here(Engine.Prepared prepared, Processor processor) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long result = 0;
    long start = threads.getCurrentThreadCpuTime();
    for (int i = 0; i < REPEAT; i++) {
      result = prepared.run(processor, 0);
    }
    return new TestRun.Measured(
        (int) result, (threads.getCurrentThreadCpuTime() - start) / (double) REPEAT);
  }
}
