// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.bpfdump.image.ImageKernel;
import org.bpfdump.image.LogRecord;

/** {@code bpfdump --image FILE dmesg}. */
final class LogCommand implements Command.Action {
  /** Digits of the seconds in dmesg(1). */
  private static final int WIDTH = 5;

  @Override
  public String name() {
    return "bpfdump dmesg";
  }

  @Override
  public String summary() {
    return "Prints the kernel's log, as dmesg(1) does.";
  }

  @Override
  public List<String> synopsis() {
    return List.of("--image FILE [--symbols FILE] [-v]");
  }

  @Override
  public List<Option> options() {
    return ImageOptions.OPTIONS;
  }

  @Override
  public List<Operand> operands() {
    return List.of();
  }

  @Override
  public int run(Arguments arguments, Session session) {
    try (ImageKernel kernel = ImageOptions.image(arguments, session);
        Stream<LogRecord> log = kernel.log()) {
      Iterator<LogRecord> records = log.iterator();
      while (records.hasNext()) {
        print(records.next(), session.out());
      }
    }
    return ExitCode.OK;
  }

  private static void print(LogRecord record, Output out) {
    StringBuilder lines = new StringBuilder();
    String prefix = prefix(record.time());
    for (Iterator<String> texts = record.text().lines().iterator(); texts.hasNext(); ) {
      lines.append(prefix).append(visible(texts.next())).append('\n');
    }
    out.print(lines.isEmpty() ? prefix + "\n" : lines.toString());
  }

  /** Tabs are what they are to dmesg, too. */
  private static String visible(String line) {
    StringJoiner visible = new StringJoiner("\t");
    for (String part : line.split("\t", -1)) {
      visible.add(Errors.visible(part));
    }
    return visible.toString();
  }

  private static String prefix(Duration time) {
    String seconds = Long.toString(time.toSeconds());
    String micros = Integer.toString(1_000_000 + time.toNanosPart() / 1000).substring(1);
    return "[" + " ".repeat(Math.max(0, WIDTH - seconds.length())) + seconds + "." + micros + "] ";
  }
}
