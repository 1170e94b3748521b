// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.error;

/** A dump ended before its target did: something is missing from what was read. */
public final class IncompleteException extends BpfdumpException {
  private static final long serialVersionUID = 1L;

  /** The message says what is missing, why, and what to do. */
  public IncompleteException(String message) {
    super(message, null);
  }
}
