// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.util.List;

/**
 * An option of a command.
 *
 * @param shorthand {@code -v}; empty for none
 * @param name {@code --verbose}
 * @param value label of the value that must follow; empty for a flag
 * @param choices what the value can be; empty when that is no list
 * @param description a phrase
 * @param repeated whether it may be given more than once
 */
record Option(
    String shorthand,
    String name,
    String value,
    List<String> choices,
    String description,
    boolean repeated) {
  Option(String shorthand, String name, String value, List<String> choices, String description) {
    this(shorthand, name, value, choices, description, false);
  }

  Option(String shorthand, String name, String value, String description) {
    this(shorthand, name, value, List.of(), description);
  }

  static Option flag(String shorthand, String name, String description) {
    return new Option(shorthand, name, "", description);
  }

  static Option flag(String name, String description) {
    return new Option("", name, "", description);
  }

  static Option value(String name, String value, String description) {
    return new Option("", name, value, description);
  }

  /** One that may be given more than once. */
  static Option values(String name, String value, String description) {
    return new Option("", name, value, List.of(), description, true);
  }

  static Option choice(String name, String value, List<String> choices, String description) {
    return new Option("", name, value, choices, description);
  }

  String[] names() {
    return shorthand.isEmpty() ? new String[] {name} : new String[] {shorthand, name};
  }
}
