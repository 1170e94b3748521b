// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.error.QueryException;
import org.bpfdump.error.VerifierException;

/** Tells a person what went wrong. */
final class Errors {
  private Errors() {}

  /** A wrong command line: what is wrong, and what would be right. */
  static void usage(UsageException e, PrintStream err) {
    err.print(line(e.getMessage()) + Help.usage(e.command()));
    err.flush();
  }

  /** Anything else that ended a command. Returns the exit code. */
  static int report(Throwable e, boolean verbose, PrintStream err) {
    if (e instanceof Output.WriteException write && write.readerGone()) {
      return ExitCode.BROKEN_PIPE;
    }
    StringBuilder text = new StringBuilder(line(message(e)));
    if (e instanceof VerifierException refused) {
      appendLines(text, verbose ? refused.log() : refused.detail());
    } else if (e instanceof BpfdumpException failed && (verbose || e instanceof QueryException)) {
      appendLines(text, failed.detail());
    }
    if (verbose) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace, true));
      appendLines(text, trace.toString());
    }
    err.print(text);
    err.flush();
    if (e instanceof QueryException query && query.file().isEmpty()) {
      return ExitCode.USAGE;
    }
    return e instanceof Copy.PartException ? ExitCode.INCOMPLETE : ExitCode.FAILED;
  }

  private static String message(Throwable e) {
    return switch (e) {
      case BpfdumpException failed -> failed.getMessage();
      case Output.WriteException write -> write.getMessage();
      case ReadException read -> read.getMessage();
      case InstallException install -> install.getMessage();
      case Copy.PartException part -> part.getMessage();
      case OutOfMemoryError _ ->
          "out of memory: the input needs more than a heap of "
              + (Runtime.getRuntime().maxMemory() >> 20)
              + " MB";
      default -> "internal error: " + e + "; run again with -v, and report it";
    };
  }

  /** A message as one line, whatever a file's names have in them. */
  static String line(String message) {
    StringBuilder line = new StringBuilder("bpfdump: ");
    appendVisible(line, message, false);
    return line.append('\n').toString();
  }

  /** Text of any origin as part of a line. */
  static String visible(String text) {
    StringBuilder visible = new StringBuilder(text.length());
    appendVisible(visible, text, false);
    return visible.toString();
  }

  private static void appendLines(StringBuilder text, String lines) {
    if (!lines.isEmpty()) {
      appendVisible(text, lines, true);
      if (!lines.endsWith("\n")) {
        text.append('\n');
      }
    }
  }

  /** Escapes control characters: what a terminal gets is not for a hostile file to say. */
  private static void appendVisible(StringBuilder to, String text, boolean lines) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isISOControl(c) || (lines && (c == '\n' || c == '\t'))) {
        to.append(c);
      } else {
        to.append("\\x")
            .append(Character.forDigit(c >> 4, 16))
            .append(Character.forDigit(c & 15, 16));
      }
    }
  }
}
