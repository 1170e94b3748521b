// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * A pid namespace of its own with a {@code /proc} of its own, in which some processes sleep. It
 * goes with the first of them, which reads from this process.
 */
public final class OwnPidNamespace implements AutoCloseable {
  private static final Path PROC = Path.of("/proc");
  private static final String SCRIPT =
      "sleep infinity & sleep infinity & echo ready; exec cat >/dev/null";

  private final Process process;
  private final int first;

  /** One below this process's own. */
  public OwnPidNamespace() {
    this(List.of());
  }

  /** One below another. */
  public OwnPidNamespace(OwnPidNamespace outer) {
    this(List.of("nsenter", "--target=" + outer.first(), "--pid", "--mount", "--"));
  }

  private OwnPidNamespace(List<String> before) {
    List<String> words = new ArrayList<>(before);
    words.addAll(List.of("unshare", "--pid", "--fork", "--mount-proc", "sh", "-c", SCRIPT));
    try {
      process = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
      if (!"ready".equals(out.readLine())) {
        throw new AssertionError(words + " is not ready");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    first =
        process
            .descendants()
            .mapToInt(each -> (int) each.pid())
            .filter(pid -> ids(pid).endsWith("\t1"))
            .findFirst()
            .orElseThrow();
  }

  /** The ids of a process, one for each namespace in which it has one, the outermost first. */
  private static String ids(int pid) {
    try {
      for (String line : Files.readAllLines(PROC.resolve(pid + "/status"))) {
        if (line.startsWith("NSpid:")) {
          return line;
        }
      }
    } catch (IOException e) {
      // it has ended
    }
    return "";
  }

  /** Id of the first process, in this process's namespace. */
  public int first() {
    return first;
  }

  /** The file that is the namespace. */
  public Path path() {
    return path(first);
  }

  private static Path path(int pid) {
    return PROC.resolve(pid + "/ns/pid");
  }

  /** Ids of the processes that are in it and not below it, in this process's namespace. */
  public Set<Integer> processes() {
    Optional<Path> here = link(first);
    Set<Integer> found = new TreeSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path entry : entries) {
        int pid = Integer.parseInt(entry.getFileName().toString());
        if (here.isPresent() && link(pid).equals(here)) {
          found.add(pid);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw new AssertionError(e);
    }
    return found;
  }

  private static Optional<Path> link(int pid) {
    try {
      return Optional.of(Files.readSymbolicLink(path(pid)));
    } catch (IOException e) {
      return Optional.empty(); // it has ended
    }
  }

  /** Ends all that are in it, and returns when they have ended. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("the pid namespace of " + first + " does not end");
      }
      process.getInputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
