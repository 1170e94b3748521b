// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;

/**
 * What a command in this process gave.
 *
 * @param status its exit code
 * @param output its standard output
 * @param err its standard error
 */
record Cli(int status, ByteArrayOutputStream output, String err) {
  static Cli run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status;
    try (PrintStream messages = new PrintStream(err, false, StandardCharsets.UTF_8)) {
      status = Main.run(args, new Session(new Output(Channels.newChannel(out), null), messages));
    }
    return new Cli(status, out, err.toString(StandardCharsets.UTF_8));
  }

  byte[] bytes() {
    return output.toByteArray();
  }

  String out() {
    return output.toString(StandardCharsets.UTF_8);
  }
}
