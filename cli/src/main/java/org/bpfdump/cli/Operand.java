// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

/**
 * A word that a command must get.
 *
 * @param label {@code OBJECT}
 * @param description a phrase
 * @param repeated whether any number may follow; only the last operand can
 */
record Operand(String label, String description, boolean repeated) {
  static Operand one(String label, String description) {
    return new Operand(label, description, false);
  }

  static Operand many(String label, String description) {
    return new Operand(label, description, true);
  }
}
