// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

/** A function of the kernel that programs call, helper or kfunc. Has no state of its own. */
@FunctionalInterface
public interface Helper {
  /**
   * Runs it.
   *
   * @param machine who calls
   * @return the value of r0: as in the kernel, a negative errno where it fails
   */
  long call(Machine machine, long r1, long r2, long r3, long r4, long r5);
}
