// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.error.RequestException;
import org.bpfdump.image.ImageKernel;
import org.bpfdump.image.ImageNamespace;
import org.bpfdump.kernel.Kernel;
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

  /** Those of a kernel that are asked for. */
  static Namespaces open(Arguments arguments, Kernel kernel) {
    return kernel instanceof ImageKernel image
        ? ofImage(arguments, image)
        : ofThisMachine(arguments);
  }

  private static ImageNamespaces ofImage(Arguments arguments, ImageKernel image) {
    List<ImageNamespace> chosen = new ArrayList<>();
    if (arguments.has("--netns")) {
      chosen.add(of(arguments, "--netns", ImageNamespace.Kind.NETWORK, image));
    }
    if (arguments.has("--pidns")) {
      chosen.add(of(arguments, "--pidns", ImageNamespace.Kind.PID, image));
    }
    return new ImageNamespaces(image, chosen, arguments.has("--all-netns"));
  }

  /** An image has no paths: a namespace goes by the number of a process in it, or by its own. */
  private static ImageNamespace of(
      Arguments arguments, String option, ImageNamespace.Kind kind, ImageKernel image) {
    String value = arguments.value(option);
    if (!ParameterOptions.isNumber(value)) {
      throw arguments.wrong(
          option + " takes the id of a process, or the namespace's own number, in an image");
    }
    long number = ParameterOptions.parse(value);
    return image
        .namespace(kind, number)
        .orElseThrow(() ->
            new RequestException("this image has no process and no namespace of number " + value));
  }

  /** Those of this machine, opened. */
  static LiveNamespaces ofThisMachine(Arguments arguments) {
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
    return new LiveNamespaces(chosen, arguments.has("--all-netns"));
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
