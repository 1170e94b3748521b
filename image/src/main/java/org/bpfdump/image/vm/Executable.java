// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

/** A program that some engine has made ready. */
abstract class Executable implements Engine.Prepared {
  private final String name;
  private final int catcher;

  Executable(Program program) {
    this.name = program.name();
    this.catcher = program.catcher();
  }

  final String name() {
    return name;
  }

  /** Where the function for what it throws begins; {@link Program#NONE} without one. */
  final int catcher() {
    return catcher;
  }

  /**
   * Runs a function to its end, within a run of the program.
   *
   * @param slot where it begins; any value
   */
  abstract long invoke(Processor processor, int slot, long r1, long r2, long r3, long r4, long r5);

  @Override
  public final long run(Machine machine, long context) {
    return Processor.of(machine).start(this, 0, context, 0, 0, 0, 0);
  }

  @Override
  public final long call(Machine machine, int slot, long r1, long r2, long r3, long r4, long r5) {
    return Processor.of(machine).start(this, slot, r1, r2, r3, r4, r5);
  }
}
