// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.bpfdump.live.NetworkNamespace;

/** The options that say in which network namespaces to dump. */
final class NamespaceOptions {
  static final List<Option> OPTIONS =
      List.of(
          Option.value("--netns", "NAME|PID|PATH", "as this network namespace has it"),
          Option.flag(
              "--all-netns", "in every network namespace; each line begins with its name, a tab"));

  private NamespaceOptions() {}

  /** Whether it is every one. */
  static boolean all(Arguments arguments) {
    boolean all = arguments.has("--all-netns");
    if (all && arguments.has("--netns")) {
      throw arguments.wrong("--netns and --all-netns exclude each other");
    }
    return all;
  }

  /** The one asked for, opened; null for that of this process. */
  static NetworkNamespace open(Arguments arguments) {
    String value = arguments.value("--netns");
    if (value == null) {
      return null;
    }
    if (ParameterOptions.isNumber(value)) {
      return NetworkNamespace.ofProcess(ParameterOptions.number(arguments, "--netns", 1));
    }
    if (value.indexOf('/') < 0) {
      return NetworkNamespace.named(value);
    }
    try {
      return NetworkNamespace.at(Path.of(value));
    } catch (InvalidPathException e) {
      throw arguments.wrong("--netns: not a path: " + e.getMessage());
    }
  }
}
