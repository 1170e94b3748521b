// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.error.SyscallException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.ImageKernel;
import org.bpfdump.image.ImageSource;
import org.bpfdump.kernel.Kernel;
import org.bpfdump.live.LiveKernel;

/** The options that say which kernel a command is about, if not the running one. */
final class ImageOptions {
  static final Option IMAGE =
      Option.values(
          "--image", "FILE", "of the kernel in this memory image; demo: one that is here");
  static final Option SYMBOLS =
      Option.value("--symbols", "FILE", "System.map or vmlinux of an image without symbols");
  static final List<Option> OPTIONS = List.of(IMAGE, SYMBOLS);

  /** The image that comes with the command; a file of that name is {@code ./demo}. */
  static final String DEMO = "demo";

  private static final int EPERM = 1;

  /** Without them no kernel can be dumped. */
  private static final Path TYPES = Path.of("/sys/kernel/btf/vmlinux");

  private ImageOptions() {}

  /** How many words from here on are one of these options, where they stand before a command. */
  static int before(String[] args, int at) {
    for (Option option : OPTIONS) {
      if (at + 1 < args.length && args[at].equals(option.name())) {
        return 2;
      }
      if (args[at].startsWith(option.name() + "=")) {
        return 1;
      }
    }
    return 0;
  }

  /** Refuses what stands before a command that is about this machine only. */
  static void check(Command.Action command, List<String> before) {
    if (!before.isEmpty() && !command.options().contains(IMAGE)) {
      throw new UsageException(
          "this command is about the running machine: leave out " + before.getFirst(), command);
    }
  }

  /** What else there is to try where the running kernel cannot be used; empty when it can. */
  static String hint(Command.Action action, Arguments arguments, BpfdumpException failure) {
    boolean may =
        switch (failure) {
          case SyscallException refused -> refused.errno() != EPERM;
          case UnsupportedException _ -> Files.exists(TYPES);
          default -> true;
        };
    boolean dumps = action instanceof DumpCommand || action instanceof RunCommand;
    // Who names a namespace wants one of this machine.
    boolean here = NamespaceOptions.OPTIONS.stream().anyMatch(o -> arguments.has(o.name()));
    return may || !dumps || here || arguments.has(IMAGE.name())
        ? ""
        : Errors.line("an image needs no privilege: bpfdump --image demo dump task/file");
  }

  /** The kernel that is meant. The caller owns it. */
  static Kernel kernel(Arguments arguments, Session session) {
    if (arguments.has(IMAGE.name())) {
      return image(arguments, session);
    }
    if (arguments.has(SYMBOLS.name())) {
      throw arguments.wrong(SYMBOLS.name() + " is of use only with --image");
    }
    return LiveKernel.open();
  }

  /** The image that is meant. The caller owns it. */
  static ImageKernel image(Arguments arguments, Session session) {
    List<String> names = arguments.values(IMAGE.name());
    if (names.isEmpty()) {
      throw arguments.wrong("missing --image FILE: " + IMAGE.description());
    }
    ImageSource source =
        names.equals(List.of(DEMO))
            ? ImageSource.demo()
            : ImageSource.of(paths(arguments, names).toArray(new Path[0]));
    if (arguments.has(SYMBOLS.name())) {
      source = source.withSymbols(path(arguments, arguments.value(SYMBOLS.name())));
    }
    boolean seen = session.out().isOfThisProcess() && Terminal.is(2);
    return ImageKernel.open(seen ? source.withProgress(new Unpacking(session.err())) : source);
  }

  private static List<Path> paths(Arguments arguments, List<String> names) {
    List<Path> paths = new ArrayList<>();
    for (String name : names) {
      Path path = path(arguments, name);
      if (Files.isDirectory(path) || !Files.isReadable(path)) {
        throw ReadException.ofImage(path);
      }
      paths.add(path);
    }
    return paths;
  }

  private static Path path(Arguments arguments, String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw arguments.wrong("not a path: " + e.getMessage());
    }
  }
}
