// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.util.LinkedHashSet;
import java.util.Set;

/** Completion for fish: {@code bpfdump.fish}, with the lines for all commands in it. */
final class FishCompletion {
  private FishCompletion() {}

  static String of(Command root) {
    StringBuilder names = new StringBuilder();
    StringBuilder lines = new StringBuilder();
    for (Command command : Completion.commands(root)) {
      names.append(' ').append(quoted(command.name()));
      lines(lines, command);
    }
    return Resource.text("bpfdump.fish")
        .replace("@NAMES@", names.substring(1))
        .replace("@COMMANDS@\n", lines);
  }

  private static void lines(StringBuilder lines, Command command) {
    String at = "complete -c bpfdump -n " + quoted("__bpfdump_at " + command.name());
    for (Option option : Completion.options(command)) {
      lines.append(at);
      for (String name : option.names()) {
        lines.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.charAt(1));
      }
      if (!option.choices().isEmpty()) {
        lines.append(" -x -a ").append(quoted(String.join(" ", option.choices())));
      } else if (!option.value().isEmpty()) {
        lines.append(values(Completion.of(option)));
      }
      lines.append(" -d ").append(quoted(option.description())).append('\n');
    }
    switch (command) {
      case Command.Action action -> {
        Set<Completion> kinds = new LinkedHashSet<>();
        for (Operand operand : action.operands()) {
          kinds.add(Completion.of(operand));
        }
        kinds.remove(Completion.NOTHING);
        if (kinds.contains(Completion.FIELDS) && kinds.remove(Completion.TARGETS)) {
          kinds.remove(Completion.FIELDS);
          lines.append(at).append(" -x -a '(__bpfdump_targets_then_fields)'\n");
        }
        for (Completion kind : kinds) {
          lines.append(at);
          lines.append(kind == Completion.FILES ? " -F" : values(kind)).append('\n');
        }
      }
      case Command.Group group -> {
        for (Command child : group.commands()) {
          lines.append(at).append(" -a ").append(Command.word(child));
          lines.append(" -d ").append(quoted(child.summary())).append('\n');
        }
      }
    }
  }

  private static String values(Completion kind) {
    return switch (kind) {
      case NOTHING -> " -x";
      case FILES -> " -r -F";
      case DIRECTORIES, TARGETS, FIELDS, DUMPERS, NAMESPACES, USERS, GROUPS ->
          " -x -a '(_" + kind.function() + ")'";
    };
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
