// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;
import org.bpfdump.error.Nearest;

/** Reads the command line of one command, by means of Commons CLI. */
final class Syntax {
  private Syntax() {}

  /** Reads the arguments of a command. */
  static Arguments parse(Command.Action command, List<String> args) {
    List<Option> known = new ArrayList<>(command.options());
    known.addAll(Command.GLOBAL);
    CommandLine line;
    try {
      line =
          DefaultParser.builder()
              .setAllowPartialMatching(false)
              .setStripLeadingAndTrailingQuotes(false)
              .get()
              .parse(options(known), args.toArray(new String[0]));
    } catch (ParseException e) {
      throw new UsageException(message(e, known), command);
    }
    Map<String, List<String>> given = new HashMap<>();
    for (org.apache.commons.cli.Option option : line.getOptions()) {
      String name = "--" + option.getLongOpt();
      List<String> values = given.computeIfAbsent(name, _ -> new ArrayList<>());
      if (option.hasArg() && !values.isEmpty() && !repeated(name, known)) {
        throw new UsageException(name + " is given twice", command);
      }
      values.add(option.hasArg() ? option.getValue() : "");
    }
    return new Arguments(command, given, operands(command, line.getArgList(), given));
  }

  private static Options options(List<Option> known) {
    Options options = new Options();
    for (Option option : known) {
      String shorthand = option.shorthand().isEmpty() ? null : option.shorthand().substring(1);
      options.addOption(
          shorthand, option.name().substring(2), !option.value().isEmpty(), option.description());
    }
    return options;
  }

  private static List<String> operands(
      Command.Action command, List<String> words, Map<String, List<String>> given) {
    List<Operand> known = command.operands();
    boolean repeated = !known.isEmpty() && known.getLast().repeated();
    if (words.size() > known.size() && !repeated) {
      throw new UsageException("one argument too many: " + words.get(known.size()), command);
    }
    if (given.containsKey("--help")) {
      return words;
    }
    boolean optional = !known.isEmpty() && known.getLast().optional();
    int least = known.size() - (optional ? 1 : 0);
    for (int i = 0; i < Math.max(least, words.size()); i++) {
      if (i >= words.size() || words.get(i).isEmpty()) {
        Operand missing = known.get(Math.min(i, known.size() - 1));
        throw new UsageException(
            "missing " + missing.label() + ": " + missing.description(), command);
      }
    }
    return words;
  }

  private static boolean repeated(String name, List<Option> known) {
    for (Option option : known) {
      if (option.name().equals(name)) {
        return option.repeated();
      }
    }
    return false;
  }

  private static String message(ParseException e, List<Option> known) {
    return switch (e) {
      case UnrecognizedOptionException unknown -> {
        List<String> names = new ArrayList<>();
        for (Option option : known) {
          names.add(option.name());
        }
        String word = unknown.getOption();
        yield "unknown option " + word + Nearest.hint(word, names, "");
      }
      case MissingArgumentException missing -> {
        String name = "--" + missing.getOption().getLongOpt();
        yield name + " needs a value" + label(name, known);
      }
      default -> e.getMessage();
    };
  }

  private static String label(String name, List<Option> known) {
    for (Option option : known) {
      if (option.name().equals(name)) {
        return ": " + name + " " + option.value();
      }
    }
    return "";
  }
}
