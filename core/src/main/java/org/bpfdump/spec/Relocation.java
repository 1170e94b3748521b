// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.spec;

import org.bpfdump.relo.CoreRelocation;

/**
 * Something at one slot of a program that only the kernel it is loaded on can fill in. Until then,
 * and but for CO-RE, the immediates there are 0, and so is the source register of a load.
 */
public sealed interface Relocation {
  /** Index of the slot; of the first of two for a 64-bit immediate load. */
  int slot();

  /**
   * A map, in a 64-bit immediate load.
   *
   * @param map index in {@link ProgramSpec#maps()}
   */
  record MapReference(int slot, int map) implements Relocation {}

  /**
   * An address inside the one value of a data map, in a 64-bit immediate load.
   *
   * @param map index in {@link ProgramSpec#maps()}
   * @param offset bytes from the start of the value
   */
  record MapValue(int slot, int map, int offset) implements Relocation {}

  /** The address of a kernel symbol of no declared type, in a 64-bit immediate load. */
  record KsymAddress(int slot, String name, boolean weak) implements Relocation {}

  /**
   * A kernel variable, in a 64-bit immediate load.
   *
   * @param type id in local BTF of the type it is declared with
   * @param weak whether it may be missing, and is 0 then
   */
  record KsymVariable(int slot, String name, int type, boolean weak) implements Relocation {}

  /**
   * A call of a kernel function.
   *
   * @param name its name, {@code ___flavour} included
   * @param type id in local BTF of its prototype
   * @param weak whether it may be missing, so long as the verifier finds the call unreachable
   */
  record Kfunc(int slot, String name, int type, boolean weak) implements Relocation {}

  /**
   * The address of a kernel function, in a 64-bit immediate load; programs only ask whether it is
   * 0.
   *
   * @param type id in local BTF of its prototype
   * @param weak whether it may be missing, and is 0 then
   */
  record KfuncAddress(int slot, String name, int type, boolean weak) implements Relocation {}

  /** A CO-RE relocation. */
  record Core(int slot, CoreRelocation relocation) implements Relocation {}
}
