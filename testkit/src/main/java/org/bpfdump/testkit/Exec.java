// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs another program to its end and captures what it writes. A program that outlives its time (20
 * seconds unless told otherwise) is killed and fails the test.
 */
public final class Exec {
  private final ProcessBuilder builder;
  private Duration timeout = Duration.ofSeconds(20);
  private byte[] input = {};

  private Exec(List<String> command) {
    builder = new ProcessBuilder(command);
  }

  /** A program, searched in PATH, and its arguments. */
  public static Exec of(String... command) {
    return new Exec(List.of(command));
  }

  /** A program, searched in PATH, and its arguments. */
  public static Exec of(List<String> command) {
    return new Exec(List.copyOf(command));
  }

  /** A script for {@code sh -c}. */
  public static Exec sh(String script) {
    return of("sh", "-c", script);
  }

  /** Sets the working directory. */
  public Exec in(Path directory) {
    builder.directory(directory.toFile());
    return this;
  }

  /** Adds a variable to the environment, which is otherwise this process's own. */
  public Exec env(String name, String value) {
    builder.environment().put(name, value);
    return this;
  }

  /** Sets what the program reads from its standard input; nothing unless told. */
  public Exec input(byte[] bytes) {
    input = bytes.clone();
    return this;
  }

  /** Sets how long the program may take. */
  public Exec timeout(Duration limit) {
    timeout = limit;
    return this;
  }

  /** Runs the program; its exit code is the caller's to judge. */
  public Result run() {
    long start = System.nanoTime();
    try {
      Process process = builder.start();
      try {
        Drain out = new Drain(process.getInputStream());
        Drain err = new Drain(process.getErrorStream());
        Thread.ofPlatform().daemon().start(() -> feed(process));
        if (!process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly().waitFor();
          throw new AssertionError(
              "%s: not done after %s; out: %s; err: %s"
                  .formatted(builder.command(), timeout, out.soFar(), err.soFar()));
        }
        return new Result(
            builder.command(),
            process.exitValue(),
            out.toEnd(),
            err.toEnd(),
            Duration.ofNanos(System.nanoTime() - start));
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(builder.command() + ": interrupted", e);
    }
  }

  private void feed(Process process) {
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(input);
    } catch (IOException e) {
      // it did not want to read all of it
    }
  }

  /** What a program that has ended gave. */
  public static final class Result {
    private final List<String> command;
    private final int exitCode;
    private final byte[] out;
    private final byte[] err;
    private final Duration elapsed;

    private Result(List<String> command, int exitCode, byte[] out, byte[] err, Duration elapsed) {
      this.command = command;
      this.exitCode = exitCode;
      this.out = out;
      this.err = err;
      this.elapsed = elapsed;
    }

    /** The exit code; 128 and the signal's number if a signal ended the program. */
    public int exitCode() {
      return exitCode;
    }

    /** From before the program's start to after its end. */
    public Duration elapsed() {
      return elapsed;
    }

    /** The standard output as it came. */
    public byte[] outBytes() {
      return out.clone();
    }

    /** The standard output as UTF-8. */
    public String out() {
      return new String(out, StandardCharsets.UTF_8);
    }

    /** The standard error as UTF-8. */
    public String err() {
      return new String(err, StandardCharsets.UTF_8);
    }

    /** This result, or a failed test unless the exit code is 0. */
    public Result ok() {
      return exited(0);
    }

    /** This result, or a failed test unless the exit code is the given one. */
    public Result exited(int expected) {
      if (exitCode != expected) {
        throw new AssertionError(
            "%s: exit code %d, expected %d; out: %s; err: %s"
                .formatted(command, exitCode, expected, out(), err()));
      }
      return this;
    }
  }

  /** Reads a pipe on a thread of its own, so that a program never waits for us to read. */
  private static final class Drain {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Thread thread;

    Drain(InputStream from) {
      thread = Thread.ofPlatform().daemon().start(() -> copy(from));
    }

    private void copy(InputStream from) {
      try (from) {
        from.transferTo(bytes);
      } catch (IOException e) {
        // the program was killed
      }
    }

    byte[] toEnd() throws InterruptedException {
      thread.join(2_000); // a grandchild may keep the pipe open
      return bytes.toByteArray();
    }

    String soFar() {
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }
}
