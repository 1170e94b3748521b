// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the command line says to one command.
 *
 * @param command the command
 * @param options what was given, by the option's long name: its values, "" for a flag
 * @param operands as many as the command takes
 */
record Arguments(Command.Action command, Map<String, List<String>> options, List<String> operands) {
  /** The first operand. */
  String operand() {
    return operands.getFirst();
  }

  /** Whether an option was given. */
  boolean has(String name) {
    return options.containsKey(name);
  }

  /** An option's value; null when it was not given. */
  String value(String name) {
    List<String> values = options.get(name);
    return values == null ? null : values.getLast();
  }

  /** The values of an option that can be given more than once. */
  List<String> values(String name) {
    return options.getOrDefault(name, List.of());
  }

  /** Those of some options that were given, as words of a command line, each before its value. */
  List<String> words(List<Option> some) {
    List<String> words = new ArrayList<>();
    for (Option option : some) {
      if (has(option.name())) {
        words.add(option.name());
        words.add(value(option.name()));
      }
    }
    return words;
  }

  /** A complaint about these arguments. */
  UsageException wrong(String message) {
    return new UsageException(message, command);
  }
}
