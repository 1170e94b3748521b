// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

/** The command line is wrong. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Command command;

  /**
   * @param message what is wrong with it
   * @param command the command whose usage helps
   */
  UsageException(String message, Command command) {
    super(message);
    this.command = command;
  }

  Command command() {
    return command;
  }
}
