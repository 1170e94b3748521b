// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Something that can be called by its name. */
sealed interface Command {
  /** What every command takes, at every level. */
  List<Option> GLOBAL =
      List.of(
          Option.flag("-v", "--verbose", "if it fails, say everything about it"),
          Option.flag("-h", "--help", "show this help"));

  List<String> GLOBAL_NAMES = List.of("-v", "--verbose", "-h", "--help");

  /** All its words, {@code bpfdump dumper show}. */
  String name();

  /** One sentence. */
  String summary();

  /** Its last word. */
  static String word(Command command) {
    return command.name().substring(command.name().lastIndexOf(' ') + 1);
  }

  /** How it is called, without its name; one line or several. */
  List<String> synopsis();

  /** Commands that share their first words. */
  record Group(String name, String summary, List<Command> commands) implements Command {
    /** Characters after which a line of names ends. */
    private static final int LONG = 60;

    @Override
    public List<String> synopsis() {
      List<String> lines = new ArrayList<>();
      StringBuilder words = new StringBuilder("{");
      for (Command command : commands) {
        if (words.length() > LONG) {
          lines.add(words + " |");
          words.setLength(0);
          words.append(' ');
        }
        words.append(words.length() == 1 ? "" : " | ").append(word(command));
      }
      lines.add(words + "} ...");
      return lines;
    }
  }

  /** A command that does something. */
  non-sealed interface Action extends Command {
    /** What it takes besides {@link #GLOBAL}. */
    List<Option> options();

    /** The operands that it takes, in order. */
    List<Operand> operands();

    /** Does it and returns the exit code. */
    int run(Arguments arguments, Session session) throws IOException;
  }
}
