// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.bpfdump.kernel.Parameter;

/** The options that say what of a target to walk. */
final class ParameterOptions {
  static final List<Option> OPTIONS =
      List.of(
          Option.value("--tid", "N", "only the thread of this id"),
          Option.value("--pid", "N", "only the threads of the process of this id"),
          Option.value("--pidfd", "N", "only the threads of the process of this inherited pidfd"),
          Option.value("--map", "ID|NAME|PATH", "the map to walk"),
          Option.value("--cgroup", "ID|PATH", "the cgroup to start from: its inode or directory"),
          Option.choice(
              "--order",
              "ORDER",
              List.of(
                  "self_only", "descendants_pre", "descendants_post", "ancestors_up", "children"),
              "self_only, descendants_pre (default), descendants_post, ancestors_up, children"));

  private static final String[] KINDS = {"--tid", "--pid", "--pidfd", "--map", "--cgroup"};

  private ParameterOptions() {}

  static Parameter parse(Arguments arguments) {
    String kind = null;
    for (String option : KINDS) {
      if (arguments.has(option)) {
        if (kind != null) {
          throw arguments.wrong(kind + " and " + option + " exclude each other");
        }
        kind = option;
      }
    }
    if (arguments.has("--order") && !"--cgroup".equals(kind)) {
      throw arguments.wrong("--order is of use only with --cgroup");
    }
    if (kind == null) {
      return new Parameter.None();
    }
    return switch (kind) {
      case "--tid" -> new Parameter.Tid(number(arguments, kind, 1));
      case "--pid" -> new Parameter.Pid(number(arguments, kind, 1));
      case "--pidfd" -> new Parameter.PidFd(number(arguments, kind, 0));
      case "--map" -> map(arguments);
      default -> cgroup(arguments);
    };
  }

  static int number(Arguments arguments, String option, int least) {
    String value = arguments.value(option);
    long number = isNumber(value) ? parse(value) : -1;
    if (number < least || number > Integer.MAX_VALUE) {
      throw arguments.wrong(option + " takes a number from " + least + ", not " + value);
    }
    return (int) number;
  }

  private static Parameter map(Arguments arguments) {
    String value = arguments.value("--map");
    if (isNumber(value)) {
      return new Parameter.MapId(number(arguments, "--map", 1));
    }
    return value.indexOf('/') < 0
        ? new Parameter.MapName(value)
        : new Parameter.MapPath(path(arguments, "--map"));
  }

  private static Parameter cgroup(Arguments arguments) {
    Parameter.Order order = order(arguments);
    String value = arguments.value("--cgroup");
    if (!isNumber(value)) {
      return new Parameter.CgroupPath(path(arguments, "--cgroup"), order);
    }
    long id = parse(value);
    if (id <= 0) {
      throw arguments.wrong("--cgroup takes an id from 1 or a path, not " + value);
    }
    return new Parameter.CgroupId(id, order);
  }

  private static Parameter.Order order(Arguments arguments) {
    String value = arguments.value("--order");
    if (value == null) {
      return Parameter.Order.DESCENDANTS_PRE;
    }
    return switch (value) {
      case "self_only" -> Parameter.Order.SELF_ONLY;
      case "descendants_pre" -> Parameter.Order.DESCENDANTS_PRE;
      case "descendants_post" -> Parameter.Order.DESCENDANTS_POST;
      case "ancestors_up" -> Parameter.Order.ANCESTORS_UP;
      case "children" -> Parameter.Order.CHILDREN;
      default ->
          throw arguments.wrong(
              "--order takes self_only, descendants_pre, descendants_post, ancestors_up or"
                  + " children, not "
                  + value);
    };
  }

  private static Path path(Arguments arguments, String option) {
    try {
      return Path.of(arguments.value(option));
    } catch (InvalidPathException e) {
      throw arguments.wrong(option + ": not a path: " + e.getMessage());
    }
  }

  static boolean isNumber(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) < '0' || value.charAt(i) > '9') {
        return false;
      }
    }
    return !value.isEmpty();
  }

  /** A number of digits only; negative when it is too large. */
  static long parse(String digits) {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
