// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.error;

/** What was asked for does not exist, or is not one thing: an unknown target, two programs. */
public final class RequestException extends BpfdumpException {
  private static final long serialVersionUID = 1L;

  /** The message names what was asked for and what there is to choose from. */
  public RequestException(String message) {
    super(message, null);
  }
}
