// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

/**
 * A word that a command must get, or may.
 *
 * @param label {@code OBJECT}
 * @param description a phrase
 * @param repeated whether any number may follow; only the last operand can
 * @param optional whether it may be left out; only the last operand can
 */
record Operand(String label, String description, boolean repeated, boolean optional) {
  static Operand one(String label, String description) {
    return new Operand(label, description, false, false);
  }

  static Operand many(String label, String description) {
    return new Operand(label, description, true, false);
  }

  static Operand optional(String label, String description) {
    return new Operand(label, description, false, true);
  }
}
