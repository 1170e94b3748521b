// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.util.ArrayList;
import java.util.List;

/** What a shell can offer for a word. */
enum Completion {
  NOTHING,
  FILES,
  DIRECTORIES,
  TARGETS,
  FIELDS,
  DUMPERS,
  NAMESPACES,
  USERS,
  GROUPS;

  /** For an option's value, where that is no list of {@link Option#choices}. */
  static Completion of(Option option) {
    return option.value().startsWith("NAME|PID|") && option.name().contains("netns")
        ? NAMESPACES
        : ofLabel(option.value());
  }

  /** For an operand. A name without more is a dumper's. */
  static Completion of(Operand operand) {
    return operand.label().equals("NAME") ? DUMPERS : ofLabel(operand.label());
  }

  private static Completion ofLabel(String label) {
    return switch (label) {
      case "TARGET" -> TARGETS;
      case "COLUMN", "EXPRESSION", "CONDITION" -> FIELDS;
      case "USER" -> USERS;
      case "GROUP" -> GROUPS;
      case "DIR" -> DIRECTORIES;
      case "OBJECT", "FILE" -> FILES;
      default -> label.contains("PATH") ? FILES : NOTHING;
    };
  }

  /** The name of a shell's function that offers it. */
  String function() {
    return "_bpfdump_" + word();
  }

  /** Its name in lower case. */
  String word() {
    return switch (this) {
      case NOTHING -> "nothing";
      case FILES -> "files";
      case DIRECTORIES -> "directories";
      case TARGETS -> "targets";
      case FIELDS -> "fields";
      case DUMPERS -> "dumpers";
      case NAMESPACES -> "namespaces";
      case USERS -> "users";
      case GROUPS -> "groups";
    };
  }

  /** A command and all below it, each after its group. */
  static List<Command> commands(Command root) {
    List<Command> all = new ArrayList<>();
    collect(root, all);
    return all;
  }

  private static void collect(Command command, List<Command> into) {
    into.add(command);
    if (command instanceof Command.Group group) {
      for (Command child : group.commands()) {
        collect(child, into);
      }
    }
  }

  /** Every option that a command takes. */
  static List<Option> options(Command command) {
    List<Option> options = new ArrayList<>();
    if (command instanceof Command.Action action) {
      options.addAll(action.options());
    }
    options.addAll(Command.GLOBAL);
    if (command.equals(Main.ROOT)) {
      options.add(Main.VERSION_OPTION);
      options.addAll(ImageOptions.OPTIONS);
    }
    return options;
  }

  /** A text in single quotes, for a shell that knows no escapes in them. */
  static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
