// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.bpfdump.kernel.Kernel;

/**
 * What a command in this process gave.
 *
 * @param status its exit code
 * @param output its standard output
 * @param err its standard error
 */
record Cli(int status, ByteArrayOutputStream output, String err) {
  static Cli run(Supplier<Kernel> kernels, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status;
    try (PrintStream messages = new PrintStream(err, false, StandardCharsets.UTF_8)) {
      Output output = new Output(Channels.newChannel(out), null);
      status = Main.run(args, new Session(output, messages, kernels));
    }
    return new Cli(status, out, err.toString(StandardCharsets.UTF_8));
  }

  /** The same where no kernel must be asked. */
  static Cli run(String... args) {
    return run(
        () -> {
          throw new AssertionError("the kernel was opened");
        },
        args);
  }

  byte[] bytes() {
    return output.toByteArray();
  }

  String out() {
    return output.toString(StandardCharsets.UTF_8);
  }
}
