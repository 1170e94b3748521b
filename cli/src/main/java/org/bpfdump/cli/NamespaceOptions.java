// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.live.Namespace;
import org.bpfdump.live.NetworkNamespace;
import org.bpfdump.live.PidNamespace;

/** The options that say in which namespaces to dump. */
final class NamespaceOptions {
  static final String SYNOPSIS = "[--netns NAME|PID|PATH | --all-netns] [--pidns PID|PATH]";
  static final Option RECEIPT =
      Option.flag("--receipt", "say on standard error what was read, and whether all");
  static final List<Option> OPTIONS =
      List.of(
          Option.value("--netns", "NAME|PID|PATH", "as this network namespace has it"),
          Option.flag(
              "--all-netns", "in every network namespace; each line begins with its name, a tab"),
          Option.value(
              "--pidns", "PID|PATH", "tasks, and their ids, as this pid namespace has them"));

  private NamespaceOptions() {}

  /** Refuses what excludes each other. */
  static void check(Arguments arguments) {
    if (arguments.has("--all-netns") && arguments.has("--netns")) {
      throw arguments.wrong("--netns and --all-netns exclude each other");
    }
    if (arguments.has("--pidns") && arguments.has("--pidfd")) {
      // The kernel makes a number of it, in this process's pid namespace.
      throw arguments.wrong("--pidns and --pidfd exclude each other; give the process by --pid");
    }
  }

  /** Those asked for, opened. */
  static Namespaces open(Arguments arguments) {
    List<Namespace> chosen = new ArrayList<>();
    try {
      if (arguments.has("--netns")) {
        chosen.add(network(arguments));
      }
      if (arguments.has("--pidns")) {
        chosen.add(
            ParameterOptions.isNumber(arguments.value("--pidns"))
                ? PidNamespace.ofProcess(ParameterOptions.number(arguments, "--pidns", 1))
                : PidNamespace.at(path(arguments, "--pidns")));
      }
    } catch (RuntimeException e) {
      for (Namespace namespace : chosen) {
        namespace.close();
      }
      throw e;
    }
    return new Namespaces(chosen, arguments.has("--all-netns"));
  }

  private static NetworkNamespace network(Arguments arguments) {
    String value = arguments.value("--netns");
    if (ParameterOptions.isNumber(value)) {
      return NetworkNamespace.ofProcess(ParameterOptions.number(arguments, "--netns", 1));
    }
    return value.indexOf('/') < 0
        ? NetworkNamespace.named(value)
        : NetworkNamespace.at(path(arguments, "--netns"));
  }

  private static Path path(Arguments arguments, String option) {
    try {
      return Path.of(arguments.value(option));
    } catch (InvalidPathException e) {
      throw arguments.wrong(option + ": not a path: " + e.getMessage());
    }
  }
}
