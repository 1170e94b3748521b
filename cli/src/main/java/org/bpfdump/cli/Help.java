// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.util.ArrayList;
import java.util.List;

/** What a command says about itself. */
final class Help {
  private static final String USAGE = "usage: ";
  private static final String EXIT_CODES =
      "exit codes: 0 done, 1 failed, 2 wrong command line, 3 the dump is not complete";

  private Help() {}

  /** Everything, many lines. */
  static String of(Command command) {
    StringBuilder help = new StringBuilder(usage(command));
    help.append('\n').append(command.summary()).append('\n');
    List<String[]> rows = new ArrayList<>();
    List<Option> options = new ArrayList<>();
    switch (command) {
      case Command.Group group -> {
        addActions(group, group.name().length() + 1, rows);
        section(help, "commands", rows);
      }
      case Command.Action action -> {
        for (Operand operand : action.operands()) {
          rows.add(new String[] {operand.label(), operand.description()});
        }
        if (!rows.isEmpty()) {
          section(help, rows.size() == 1 ? "operand" : "operands", rows);
        }
        options.addAll(action.options());
      }
    }
    options.addAll(Command.GLOBAL);
    boolean root = command.equals(Main.ROOT);
    if (root) {
      options.add(Main.VERSION_OPTION);
      options.addAll(ImageOptions.OPTIONS);
    }
    rows.clear();
    for (Option option : options) {
      String shorthand = option.shorthand().isEmpty() ? "    " : option.shorthand() + ", ";
      String value = option.value().isEmpty() ? "" : " " + option.value();
      rows.add(new String[] {shorthand + option.name() + value, option.description()});
    }
    section(help, "options", rows);
    if (root) {
      help.append('\n').append(EXIT_CODES).append('\n');
    }
    return help.toString();
  }

  /** How a command is called. */
  static String usage(Command command) {
    StringBuilder usage = new StringBuilder(USAGE).append(command.name());
    int margin = USAGE.length() + command.name().length();
    String separator = " ";
    for (String line : command.synopsis()) {
      usage.append(separator).append(line).append('\n');
      separator = " ".repeat(margin + 1);
    }
    return usage.toString();
  }

  /** Adds what a group has at any depth, by its words after the first {@code cut} characters. */
  private static void addActions(Command.Group group, int cut, List<String[]> rows) {
    for (Command command : group.commands()) {
      switch (command) {
        case Command.Group inner -> addActions(inner, cut, rows);
        case Command.Action action ->
            rows.add(new String[] {action.name().substring(cut), action.summary()});
      }
    }
  }

  private static void section(StringBuilder help, String heading, List<String[]> rows) {
    int width = 0;
    for (String[] row : rows) {
      width = Math.max(width, row[0].length());
    }
    help.append('\n').append(heading).append(":\n");
    for (String[] row : rows) {
      help.append("  ").append(row[0]).repeat(' ', width - row[0].length());
      help.append("  ").append(row[1]).append('\n');
    }
  }
}
