// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import org.bpfdump.asm.Assembler;

/**
 * Where code goes on after a condition.
 *
 * @param none when it is NULL
 * @param next which of the three comes next, so that no jump is needed; null when none does
 */
record Targets(
    Assembler.Label yes, Assembler.Label no, Assembler.Label none, Assembler.Label next) {
  Targets negated() {
    return new Targets(no, yes, none, next);
  }
}
