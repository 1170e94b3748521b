// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

/** Completion for zsh: {@code bpfdump.zsh}, with a function for each command in it. */
final class ZshCompletion {
  private ZshCompletion() {}

  static String of(Command root) {
    StringBuilder functions = new StringBuilder();
    for (Command command : Completion.commands(root)) {
      function(functions, command);
    }
    return Resource.text("bpfdump.zsh").replace("@COMMANDS@\n", functions);
  }

  private static void function(StringBuilder text, Command command) {
    text.append(name(command)).append("() {\n");
    if (command instanceof Command.Group) {
      text.append("  local curcontext=$curcontext state state_descr\n");
      text.append("  local -a line commands\n");
      text.append("  typeset -A opt_args\n");
    }
    text.append(command instanceof Command.Group ? "  _arguments -C -S" : "  _arguments -S");
    for (Option option : Completion.options(command)) {
      option(text, option);
    }
    switch (command) {
      case Command.Action action -> {
        for (Operand operand : action.operands()) {
          String place = operand.repeated() ? "*" : "";
          spec(text, place + ":" + operand.label() + ":" + Completion.of(operand).function());
        }
        text.append('\n');
      }
      case Command.Group group -> {
        spec(text, "1:command:->command");
        spec(text, "*::argument:->argument");
        text.append(" && return\n  case $state in\n    command)\n      commands=(\n");
        for (Command child : group.commands()) {
          String entry = Command.word(child) + ":" + child.summary();
          text.append("        ").append(Completion.quoted(entry)).append('\n');
        }
        text.append("      )\n      _describe command commands\n      ;;\n    argument)\n");
        text.append("      case $line[1] in\n");
        for (Command child : group.commands()) {
          text.append("        ").append(Command.word(child)).append(") ");
          text.append(name(child)).append(" ;;\n");
        }
        text.append("      esac\n      ;;\n  esac\n");
      }
    }
    text.append("}\n\n");
  }

  private static String name(Command command) {
    return command.equals(Main.ROOT) ? "_bpfdump" : "_" + command.name().replace(' ', '_') + "_";
  }

  private static void option(StringBuilder text, Option option) {
    String others = option.names().length > 1 ? "(" + String.join(" ", option.names()) + ")" : "";
    String value = "";
    if (!option.value().isEmpty()) {
      value =
          ":"
              + escaped(option.value())
              + ":"
              + (option.choices().isEmpty()
                  ? Completion.of(option).function()
                  : "(" + String.join(" ", option.choices()) + ")");
    }
    for (String name : option.names()) {
      String join = value.isEmpty() ? "" : name.startsWith("--") ? "=" : "+";
      spec(text, others + name + join + "[" + escaped(option.description()) + "]" + value);
    }
  }

  private static void spec(StringBuilder text, String spec) {
    text.append(" \\\n    ").append(Completion.quoted(spec));
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]").replace(":", "\\:");
  }
}
