// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.bpfdump.asm.Disassembler;
import org.bpfdump.error.BpfdumpException;
import org.junit.jupiter.api.Test;

/** Interpreted and compiled, a program does the same: result, memory, failure and cost. */
class EnginesAgreeTest {
  private static final long SEED = Long.getLong("bpfdump.seed", 20200408);
  private static final int COUNT = Integer.getInteger("bpfdump.fuzz", 1500);

  /** What a run came to. */
  private record Outcome(String result, String memory, long left) {}

  private static Outcome run(Engine engine, Program program) {
    Processor processor = Machines.of(20_000);
    byte[] context = new byte[64];
    for (int i = 0; i < context.length; i++) {
      context[i] = (byte) (7 * i);
    }
    long address = processor.own().add(context, true);
    Engine.Prepared prepared = engine.prepare(program);
    StringBuilder results = new StringBuilder();
    long left = -1;
    for (int i = 0; i < 2; i++) {
      try {
        results.append(prepared.run(processor, address)).append('\n');
        left = processor.budget;
      } catch (BpfdumpException e) {
        results.append(e.getClass().getSimpleName()).append(e.getMessage()).append('\n');
      }
    }
    return new Outcome(results.toString(), Arrays.toString(context), left);
  }

  private static void agree(long seed, int length) {
    Program program = new WildPrograms(seed).next(length);
    Outcome interpreted = run(new Interpreter(), program);
    Outcome compiled;
    try {
      compiled = run(new Compiler(), program);
    } catch (RuntimeException | Error e) {
      throw new AssertionError("seed " + seed + "\n" + new Disassembler().show(program.code()), e);
    }
    assertThat(compiled)
        .as("seed %d%n%s", seed, new Disassembler().show(program.code()))
        .isEqualTo(interpreted);
  }

  @Test
  void onSmallPrograms() {
    System.out.println("programs of -Dbpfdump.seed=" + SEED);
    for (int i = 0; i < COUNT; i++) {
      agree(SEED + i, 30);
    }
  }

  @Test
  void onProgramsInParts() {
    for (int i = 0; i < COUNT / 100; i++) {
      agree(SEED + i, 2000);
    }
  }
}
