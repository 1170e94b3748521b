// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

/**
 * An option of a command.
 *
 * @param shorthand {@code -v}; empty for none
 * @param name {@code --verbose}
 * @param value label of the value that must follow; empty for a flag
 * @param description a phrase
 */
record Option(String shorthand, String name, String value, String description) {
  static Option flag(String shorthand, String name, String description) {
    return new Option(shorthand, name, "", description);
  }

  static Option flag(String name, String description) {
    return new Option("", name, "", description);
  }

  static Option value(String name, String value, String description) {
    return new Option("", name, value, description);
  }

  String[] names() {
    return shorthand.isEmpty() ? new String[] {name} : new String[] {shorthand, name};
  }
}
