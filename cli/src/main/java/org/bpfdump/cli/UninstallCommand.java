// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code bpfdump uninstall}. */
final class UninstallCommand implements Command.Action {
  @Override
  public String name() {
    return "bpfdump uninstall";
  }

  @Override
  public String summary() {
    return "Takes away what install has put; pinned dumpers stay.";
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
    Place place = Place.of(arguments, usual());
    try {
      List<Path> files =
          new Installation(place, note -> session.err().print(Errors.line(note)))
              .uninstall()
              .orElseThrow(() ->
                  new InstallException(
                      "cannot uninstall: nothing is installed in "
                          + place.now(place.prefix())
                          + "; name the prefix that install was given (--prefix)"));
      InstallCommand.print(files, place, session);
    } catch (IOException e) {
      throw new InstallException("cannot uninstall", e);
    }
    return ExitCode.OK;
  }

  /** The prefix of the installed command that runs; else the usual one. */
  private static Path usual() {
    Path home = RuntimeImage.directory().map(Path::getParent).orElse(null);
    return home != null && home.endsWith("lib/bpfdump") && Files.exists(home.resolve(Manifest.NAME))
        ? home.getParent().getParent()
        : InstallCommand.USUAL;
  }
}
