// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.error.Nearest;
import org.bpfdump.error.SyscallException;
import org.bpfdump.error.UnsupportedException;

/** Entry point of the {@code bpfdump} command. */
public final class Main {
  static final String VERSION = "0.1.0";
  static final Option VERSION_OPTION = Option.flag("-V", "--version", "show the version");

  /** Everything there is to call. */
  static final Command.Group ROOT =
      new Command.Group(
          "bpfdump",
          "Dumps kernel data structures through verified BPF programs.",
          List.of(
              new RunCommand(),
              new CatCommand(),
              new DumpCommand(),
              new FieldsCommand(),
              new Command.Group(
                  "bpfdump dumper",
                  "Dumpers, and what they can be made for.",
                  List.of(
                      new PinCommand(),
                      new Command.Group(
                          "bpfdump dumper show",
                          "Shows what there is.",
                          List.of(new ShowTargetCommand(), new ShowDumperCommand())),
                      new RemoveCommand())),
              new InfoCommand(),
              new LogCommand(),
              new FdCommand(),
              new MountCommand(),
              new UmountCommand(),
              new InstallCommand(),
              new UninstallCommand()));

  private Main() {}

  /** Runs the command; the process ends with its exit code. */
  public static void main(String[] args) {
    int status = run(args, Session.ofThisProcess());
    if (status != ExitCode.OK) {
      System.exit(status);
    }
  }

  /** Runs the command in this process and returns its exit code; nothing is thrown. */
  static int run(String[] args, Session session) {
    boolean verbose = false;
    List<String> image = new ArrayList<>();
    try {
      Command command = ROOT;
      int at = 0;
      while (command instanceof Command.Group group) {
        String word = at < args.length ? args[at++] : "";
        switch (word) {
          case "-v", "--verbose" -> verbose = true;
          case "-h", "--help", "help" -> {
            session.out().print(Help.of(group));
            return ExitCode.OK;
          }
          case "-V", "--version" -> {
            session.out().print("bpfdump " + VERSION + "\n");
            return ExitCode.OK;
          }
          default -> {
            int taken = word.isEmpty() ? 0 : ImageOptions.before(args, at - 1);
            if (taken > 0) {
              image.addAll(List.of(args).subList(at - 1, at - 1 + taken));
              at += taken - 1;
            } else {
              command = child(group, word);
            }
          }
        }
      }
      Command.Action action = (Command.Action) command;
      ImageOptions.check(action, image);
      image.addAll(List.of(args).subList(at, args.length));
      Arguments arguments = Syntax.parse(action, image);
      verbose |= arguments.has("--verbose");
      if (arguments.has("--help")) {
        session.out().print(Help.of(action));
        return ExitCode.OK;
      }
      return run(action, arguments, verbose, session);
    } catch (UsageException e) {
      Errors.usage(e, session.err());
      return ExitCode.USAGE;
    } catch (Throwable e) {
      return Errors.report(e, verbose, session.err());
    }
  }

  private static int run(
      Command.Action action, Arguments arguments, boolean verbose, Session session)
      throws IOException {
    try {
      return action.run(arguments, session);
    } catch (SyscallException | UnsupportedException e) {
      int status = Errors.report(e, verbose, session.err());
      session.err().print(ImageOptions.hint(action, arguments, e));
      return status;
    }
  }

  private static Command child(Command.Group group, String word) {
    for (Command command : group.commands()) {
      if (Command.word(command).equals(word)) {
        return command;
      }
    }
    if (group.equals(ROOT) && word.equals(CompleteFieldsCommand.WORD)) {
      return new CompleteFieldsCommand();
    }
    List<String> known = new ArrayList<>();
    for (Command command : group.commands()) {
      known.add(Command.word(command));
    }
    if (word.isEmpty()) {
      throw new UsageException("what to do is missing: " + String.join(", ", known), group);
    }
    if (word.startsWith("-")) {
      List<String> options = new ArrayList<>(Command.GLOBAL_NAMES);
      options.add("--version");
      throw new UsageException(
          "unknown option " + word + Nearest.hint(word, options, ": it may follow a command"),
          group);
    }
    throw new UsageException(
        "unknown command "
            + word
            + Nearest.hint(word, known, ": there is " + String.join(", ", known)),
        group);
  }
}
