// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import org.bpfdump.error.ProgramException;

/** What the classes made of programs extend. */
abstract class Compiled extends Executable {
  private final Admitted program;

  Compiled(Admitted program) {
    super(program.program());
    this.program = program;
  }

  @Override
  final long invoke(Processor processor, int slot, long r1, long r2, long r3, long r4, long r5) {
    int function = slot == 0 ? 0 : program.functionAt(slot);
    if (function < 0) {
      throw new ProgramException("calls slot " + slot + ", where no function begins");
    }
    return function(processor, function, r1, r2, r3, r4, r5);
  }

  /** Runs the function of an index. */
  abstract long function(
      Processor processor, int index, long r1, long r2, long r3, long r4, long r5);
}
