// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.Project;

/** Processes that come, change and go as fast as they can ({@code stress/busy.c}). */
final class BusyProcesses implements AutoCloseable {
  /** Who they are, and nobody else. */
  static final int UID = 54_321;

  /** The number of the descriptor of a file with digit 0. */
  static final int FIRST_DESCRIPTOR = 100;

  private static final int DIGITS = 4;
  private static final int REST = 14;

  private final Process process;
  private final Path directory;

  private BusyProcesses(Process process, Path directory) {
    this.process = process;
    this.directory = directory;
  }

  /** Starts them, with what they need in a directory of their own. */
  static BusyProcesses start(Path directory, int workers) throws IOException {
    Path bin = Files.createDirectory(directory.resolve("bin"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path source = Project.root().resolve("query/src/test/resources/stress/busy.c");
    Path program = bin.resolve("busy");
    Exec.of("gcc", "-O2", "-static", "-o", program.toString(), source.toString()).run().ok();
    for (int i = 0; i < workers; i++) {
      for (int digit = 0; digit < DIGITS; digit++) {
        String name = name(letter(i), digit);
        Files.createFile(directory.resolve(name));
        Files.createLink(bin.resolve(name), program);
      }
    }
    Process process =
        new ProcessBuilder(
                program.toString(),
                directory.toString(),
                Integer.toString(workers),
                Integer.toString(UID))
            .redirectError(Redirect.INHERIT)
            .start();
    BusyProcesses busy = new BusyProcesses(process, directory);
    if (process.getInputStream().read() != '\n') {
      busy.close();
      throw new AssertionError(program + " has not started");
    }
    return busy;
  }

  private static char letter(int worker) {
    return (char) (worker < 26 ? 'A' + worker : 'a' + worker - 26);
  }

  private static String name(char letter, int digit) {
    return letter + Integer.toString(digit).repeat(REST);
  }

  /** Whether it is a name that one of them gives itself; the first two have a dash for a letter. */
  static boolean isName(String comm) {
    if (comm.length() != 1 + REST) {
      return false;
    }
    int digit = comm.charAt(1) - '0';
    char letter = comm.charAt(0);
    return digit >= 0
        && digit < DIGITS
        && (Character.isLetter(letter) || (letter == '-' && digit == 0))
        && comm.equals(name(letter, digit));
  }

  /** Whether one of this name, that it may have changed since, can have this file open so. */
  boolean canBeOpen(String comm, int fd, String path) {
    Path file = Path.of(path);
    if (fd <= 2) {
      return !path.startsWith(directory.toString()); // our pipes
    }
    String name = file.getFileName().toString();
    return isName(name)
        && name.charAt(0) == comm.charAt(0)
        && file.getParent().equals(directory)
        && (fd < FIRST_DESCRIPTOR || name.charAt(1) - '0' == fd - FIRST_DESCRIPTOR);
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError("the processes did not end");
      }
      process.getInputStream().close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
