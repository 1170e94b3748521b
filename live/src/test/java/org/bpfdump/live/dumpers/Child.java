// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.dumpers;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;

/**
 * A child of this process, whose first three descriptors are two pipes and this one's error output.
 * It ends when it is closed, or when this process does, since it reads from that.
 */
final class Child implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;

  private Child(Process process) {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
  }

  /** A script for bash, which can open descriptors above 9, that ends in {@code exec cat}. */
  static Child start(String script) throws IOException {
    Child child = start("bash", "-c", script);
    try {
      child.write("ready\n");
      String answer = child.line();
      if (!"ready".equals(answer)) {
        throw new AssertionError("%s answered %s".formatted(script, answer));
      }
      return child;
    } catch (IOException | RuntimeException | Error e) {
      child.close();
      throw e;
    }
  }

  /** Any program. */
  static Child start(String... command) throws IOException {
    return new Child(new ProcessBuilder(command).redirectError(Redirect.INHERIT).start());
  }

  int pid() {
    return (int) process.pid();
  }

  Process process() {
    return process;
  }

  void write(String text) throws IOException {
    process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /** The next line of what it writes; null at the end. */
  String line() throws IOException {
    return out.readLine();
  }

  @Override
  public void close() {
    try {
      process.destroyForcibly().waitFor();
      process.getOutputStream().close();
      out.close();
    } catch (IOException e) {
      // its end of the pipe has gone
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
