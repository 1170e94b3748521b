// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import org.bpfdump.image.vm.Machine;

/** Where an iterator that a program opened is. */
@FunctionalInterface
interface Cursor {
  /** The address of the next object; 0 at the end. */
  long next(Machine machine);
}
