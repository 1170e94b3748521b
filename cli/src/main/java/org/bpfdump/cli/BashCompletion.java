// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

/** Completion for bash: {@code bpfdump.bash}, with a table of all commands in it. */
final class BashCompletion {
  private BashCompletion() {}

  static String of(Command root) {
    StringBuilder table = new StringBuilder();
    for (Command command : Completion.commands(root)) {
      table.append("    ").append(Completion.quoted(command.name())).append(")\n");
      variable(table, "commands", commands(command));
      variable(table, "options", options(command));
      variable(table, "values", values(command));
      variable(table, "operands", operands(command));
      table.append("      ;;\n");
    }
    return Resource.text("bpfdump.bash").replace("@COMMANDS@\n", table);
  }

  private static void variable(StringBuilder table, String name, String value) {
    table.append("      ").append(name).append('=').append(Completion.quoted(value)).append('\n');
  }

  private static String commands(Command command) {
    StringBuilder words = new StringBuilder();
    if (command instanceof Command.Group group) {
      for (Command child : group.commands()) {
        words.append(words.isEmpty() ? "" : " ").append(Command.word(child));
      }
    }
    return words.toString();
  }

  private static String options(Command command) {
    StringBuilder words = new StringBuilder();
    for (Option option : Completion.options(command)) {
      for (String name : option.names()) {
        words.append(words.isEmpty() ? "" : " ").append(name);
      }
    }
    return words.toString();
  }

  /** {@code --target=targets --order=a|b } with a blank around each. */
  private static String values(Command command) {
    StringBuilder words = new StringBuilder(" ");
    for (Option option : Completion.options(command)) {
      if (!option.value().isEmpty()) {
        String value =
            option.choices().isEmpty()
                ? Completion.of(option).word()
                : "|" + String.join("|", option.choices());
        for (String name : option.names()) {
          words.append(name).append('=').append(value).append(' ');
        }
      }
    }
    return words.toString();
  }

  /** One word for each; the last one stands for all further ones if it may be repeated. */
  private static String operands(Command command) {
    StringBuilder words = new StringBuilder();
    if (command instanceof Command.Action action) {
      for (Operand operand : action.operands()) {
        words.append(words.isEmpty() ? "" : " ").append(Completion.of(operand).word());
        words.append(operand.repeated() ? " ..." : "");
      }
    }
    return words.toString();
  }
}
