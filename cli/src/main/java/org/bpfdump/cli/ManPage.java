// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.util.List;

/** The manual: prose kept by hand, commands and options from what the command line is read by. */
final class ManPage {
  private ManPage() {}

  /** bpfdump(8). */
  static String command() {
    StringBuilder synopsis = new StringBuilder();
    StringBuilder commands = new StringBuilder();
    for (Command command : Completion.commands(Main.ROOT)) {
      if (command instanceof Command.Action action) {
        synopsis(synopsis, action);
        commands.append(".SS ").append(escaped(action.name())).append('\n');
        commands.append(line(action.summary()));
        for (Operand operand : action.operands()) {
          entry(commands, "\\fI" + escaped(operand.label()) + "\\fR", operand.description());
        }
        options(commands, action.options());
      }
    }
    StringBuilder global = new StringBuilder();
    options(global, Completion.options(Main.ROOT));
    return page("bpfdump.8")
        .replace("@SYNOPSIS@\n", synopsis)
        .replace("@COMMANDS@\n", commands)
        .replace("@OPTIONS@\n", global);
  }

  /** mount.bpfdump(8). */
  static String mountHelper() {
    return page("mount.bpfdump.8");
  }

  private static String page(String name) {
    return Resource.text(name).replace("@VERSION@", Main.VERSION);
  }

  private static void synopsis(StringBuilder page, Command.Action action) {
    page.append(page.isEmpty() ? "" : ".PP\n")
        .append(".nf\n\\fB")
        .append(escaped(action.name()))
        .append("\\fR");
    String margin = " ";
    for (String line : action.synopsis()) {
      page.append(margin).append(escaped(line)).append('\n');
      margin = " ".repeat(action.name().length() + 1);
    }
    page.append(action.synopsis().isEmpty() ? "\n.fi\n" : ".fi\n");
  }

  private static void options(StringBuilder page, List<Option> options) {
    for (Option option : options) {
      StringBuilder head = new StringBuilder();
      for (String name : option.names()) {
        head.append(head.isEmpty() ? "" : ", ").append("\\fB" + escaped(name) + "\\fR");
      }
      if (!option.value().isEmpty()) {
        head.append(" \\fI").append(escaped(option.value())).append("\\fR");
      }
      entry(page, head.toString(), option.description());
    }
  }

  private static void entry(StringBuilder page, String head, String description) {
    page.append(".TP\n").append(head).append('\n').append(line(description));
  }

  private static String line(String text) {
    return (text.startsWith(".") || text.startsWith("'") ? "\\&" : "") + escaped(text) + "\n";
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\e").replace("-", "\\-");
  }
}
