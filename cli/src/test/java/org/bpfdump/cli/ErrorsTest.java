// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.bpfdump.error.QueryException;
import org.bpfdump.error.SyscallException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.error.VerifierException;
import org.bpfdump.kernel.Receipt;
import org.junit.jupiter.api.Test;

/** Failures that no input and no kernel gives at will. */
class ErrorsTest {
  private record Report(int status, String text) {}

  private static Report report(Throwable e, boolean verbose) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try (PrintStream messages = new PrintStream(err, false, StandardCharsets.UTF_8)) {
      int status = Errors.report(e, verbose, messages);
      return new Report(status, err.toString(StandardCharsets.UTF_8));
    }
  }

  @Test
  void anInternalErrorAsksToBeReported() {
    Throwable e = new IllegalStateException("what?");

    assertThat(report(e, false))
        .isEqualTo(
            new Report(
                1,
                "bpfdump: internal error: java.lang.IllegalStateException: what?;"
                    + " run again with -v, and report it\n"));
    assertThat(report(e, true).text())
        .startsWith(report(e, false).text() + "java.lang.IllegalStateException: what?\n\tat ");
  }

  @Test
  void tooLittleMemoryIsNoInternalError() {
    Report report = report(new OutOfMemoryError("Java heap space"), false);

    assertThat(report.status()).isEqualTo(1);
    assertThat(report.text())
        .matches("bpfdump: out of memory: the input needs more than a heap of \\d+ MB\n");
  }

  @Test
  void noControlCharacterReachesTheTerminal() {
    Throwable e = new UnsupportedException("no BTF\nat \t all \u001b[31m \u007f \u009b größer");

    assertThat(report(e, false).text())
        .isEqualTo("bpfdump: no BTF\\x0aat \\x09 all \\x1b[31m \\x7f \\x9b größer\n");
    assertThat(report(e, true).text()).doesNotContain("\u001b", "\u009b").contains("\n\tat ");

    Throwable refused = new VerifierException("no", 13, "whole\u001b\n", "line\n\ttail\u0007");
    assertThat(report(refused, false).text()).isEqualTo("bpfdump: no\nline\n\ttail\\x07\n");
    assertThat(report(refused, true).text()).startsWith("bpfdump: no\nwhole\\x1b\n");
  }

  @Test
  void aWrongQueryIsPointedAtAndIsAWrongCommandLine() {
    QueryException e = new QueryException("no such field\n", "tgid +\tpdi", 7, 10);

    assertThat(report(e, false))
        .isEqualTo(new Report(2, "bpfdump: no such field\\x0a\ntgid +\tpdi\n      \t^^^\n"));
    assertThat(report(e.inFile("x.query"), false))
        .isEqualTo(
            new Report(1, "bpfdump: x.query:1: no such field\\x0a\ntgid +\tpdi\n      \t^^^\n"));
  }

  @Test
  void aReadThatFailsLeavesAnIncompleteDumpWhateverTheError() {
    SyscallException failed = new SyscallException("reading task failed with EFAULT", 14);
    Receipt receipt = new Receipt(4, 2, 1, Optional.of("reading task failed with EFAULT"));

    assertThat(report(new Copy.PartException(receipt.toString(), failed), false))
        .isEqualTo(
            new Report(
                3,
                "bpfdump: 4 bytes, 2 reads, 1 retries, incomplete: reading task failed with EFAULT\n"));
  }

  @Test
  void aReaderThatLeftIsToldNothing() {
    IOException cause = new IOException("in the words of some language");

    assertThat(report(new Output.WriteException(cause, true), true)).isEqualTo(new Report(141, ""));
    assertThat(report(new Output.WriteException(cause, false), false))
        .isEqualTo(
            new Report(
                1,
                "bpfdump: cannot write to standard output: in the words of some language;"
                    + " what it has is a part\n"));
  }
}
