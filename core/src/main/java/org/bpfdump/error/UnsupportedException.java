// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.error;

/** The input is sound, but this kernel, or bpfdump, cannot do what it needs. */
public final class UnsupportedException extends BpfdumpException {
  private static final long serialVersionUID = 1L;

  /** The message says what is not supported, by whom, and what to do instead. */
  public UnsupportedException(String message) {
    super(message, null);
  }
}
