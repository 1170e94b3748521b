// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

/** Entry point of the {@code bpfdump} command. */
public final class Main {
  private Main() {}

  /** Runs the command; the process ends with its exit code. */
  public static void main(String[] args) {
    System.out.println("bpfdump 0.1.0");
  }
}
