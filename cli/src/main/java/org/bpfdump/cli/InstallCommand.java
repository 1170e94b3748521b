// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** {@code bpfdump install}. */
final class InstallCommand implements Command.Action {
  static final Path USUAL = Path.of("/usr/local");

  @Override
  public String name() {
    return "bpfdump install";
  }

  @Override
  public String summary() {
    return "Puts the command, its mount helper, manual and completion into the system.";
  }

  @Override
  public List<String> synopsis() {
    return List.of("[--prefix DIR] [--destdir DIR] [-v]");
  }

  @Override
  public List<Option> options() {
    return Place.OPTIONS;
  }

  @Override
  public List<Operand> operands() {
    return List.of();
  }

  @Override
  public int run(Arguments arguments, Session session) {
    Place place = Place.of(arguments, USUAL);
    Path image =
        RuntimeImage.directory()
            .orElseThrow(() ->
                new InstallException(
                    "cannot install: a JDK runs this bpfdump, and what is installed needs none;"
                        + " build it with a JDK that links run-time images"));
    try {
      List<Path> files =
          new Installation(place, note -> session.err().print(Errors.line(note))).install(image);
      print(files, place, session);
    } catch (IOException e) {
      throw new InstallException("cannot install", e);
    }
    return ExitCode.OK;
  }

  static void print(List<Path> files, Place place, Session session) {
    for (Path file : files) {
      session.out().print(place.now(file) + "\n");
    }
  }
}
