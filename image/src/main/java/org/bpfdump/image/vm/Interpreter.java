// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

/** Runs programs one instruction after the other: ready at once, and slow. */
public final class Interpreter implements Engine {
  /** An interpreter; it has no state. */
  public Interpreter() {}

  @Override
  public Prepared prepare(Program program) {
    return interpreted(Admission.admit(program));
  }

  static Executable interpreted(Admitted program) {
    return new Interpreted(program);
  }
}
