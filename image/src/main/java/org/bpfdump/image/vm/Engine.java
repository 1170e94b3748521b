// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

/** A way of running programs. Safe for use by several threads. */
public interface Engine {
  /**
   * Makes a program ready to run any number of times.
   *
   * @throws org.bpfdump.error.MalformedException when it is no program: an instruction that is
   *     none, a jump to nowhere
   */
  Prepared prepare(Program program);

  /** A program that is ready. Safe for use by several threads. */
  interface Prepared {
    /**
     * Runs it from its start.
     *
     * @param context the value of r1
     * @return the value of r0
     * @throws org.bpfdump.error.ProgramException when it does what no verifier would let through
     */
    long run(Machine machine, long context);

    /** Runs one of its functions, for a helper that was given it. {@code slot} is its first. */
    long call(Machine machine, int slot, long r1, long r2, long r3, long r4, long r5);
  }
}
