// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.error;

/**
 * A program that runs in the JVM did what no verifier would have let through: it left its memory,
 * wrote to the kernel's, or ran on and on.
 */
public final class ProgramException extends BpfdumpException {
  private static final long serialVersionUID = 1L;

  /** The message names the program, the instruction's slot, and what it did. */
  public ProgramException(String message) {
    super(message, null);
  }
}
