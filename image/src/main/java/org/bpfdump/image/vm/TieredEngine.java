// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;

/**
 * Interprets a program until it has run for a while, and compiles it meanwhile: a short dump does
 * not wait for a compiler, a long one is not interpreted. Which of the two runs a program changes
 * nothing but time. The programs prepared last are kept, for whoever loads one again: a query that
 * is repeated stays compiled.
 */
public final class TieredEngine implements Engine {
  /** Slots that a program runs before it is compiled: some milliseconds of interpretation. */
  private static final long COLD = 200_000;

  /** Programs kept. */
  private static final int KEPT = 16;

  private final long cold;

  /** Used under its own lock. */
  private final Map<Program, Tiered> kept =
      new LinkedHashMap<>(2 * KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Program, Tiered> eldest) {
          return size() > KEPT;
        }
      };

  /** Compiles programs that have run for some milliseconds. */
  public TieredEngine() {
    this(COLD);
  }

  /** Compiles programs that have run this many slots. */
  TieredEngine(long cold) {
    this.cold = cold;
  }

  @Override
  public Prepared prepare(Program program) {
    synchronized (kept) {
      return kept.computeIfAbsent(program, it -> new Tiered(Admission.admit(it), cold));
    }
  }

  private static final class Tiered extends Executable {
    private final Admitted program;
    private volatile Executable now;

    /** Slots left to interpretation; several threads may miss some of each other's. */
    private long cold;

    Tiered(Admitted program, long cold) {
      super(program.program());
      this.program = program;
      this.now = Interpreter.interpreted(program);
      this.cold = cold;
    }

    @Override
    long invoke(Processor processor, int slot, long r1, long r2, long r3, long r4, long r5) {
      if (cold < 0) {
        return now.invoke(processor, slot, r1, r2, r3, r4, r5);
      }
      long before = processor.budget;
      long result = now.invoke(processor, slot, r1, r2, r3, r4, r5);
      spend(before - processor.budget);
      return result;
    }

    private void spend(long slots) {
      long left = cold - slots;
      cold = left;
      if (left < 0) {
        // Once more, by another thread that came as far at the same time, does no harm.
        ForkJoinPool.commonPool().execute(this::compile);
      }
    }

    private void compile() {
      now = Compiler.compiled(program);
    }
  }
}
