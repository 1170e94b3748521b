// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A C program that stays and answers a line with a line, so that both sides can take turns. */
final class Peer implements AutoCloseable {
  private final String name;
  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter questions;

  Peer(Path program, String... arguments) throws IOException {
    name = program.getFileName().toString();
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    answers = process.inputReader();
    questions = process.outputWriter();
  }

  String ask(String line) throws IOException {
    questions.write(line);
    questions.newLine();
    questions.flush();
    return answer();
  }

  String answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("the peer " + name + " ended before it answered");
    }
    return line;
  }

  /** What it answers, as numbers. */
  static double[] numbers(String answer) {
    String[] words = answer.trim().split(" ");
    double[] numbers = new double[words.length];
    for (int i = 0; i < words.length; i++) {
      numbers[i] = Double.parseDouble(words[i]);
    }
    return numbers;
  }

  /** Ends it, by the end of its input. */
  @Override
  public void close() throws IOException {
    questions.close();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
