// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.error;

/**
 * A program refers to a type, field, symbol or option that this kernel resolves to nothing usable.
 */
public final class RelocationException extends BpfdumpException {
  private static final long serialVersionUID = 1L;

  /** The message names the program, the instruction, what it refers to, and why that fails. */
  public RelocationException(String message) {
    super(message, null);
  }
}
