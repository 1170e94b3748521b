// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.error;

/** A system call failed. */
public final class SyscallException extends BpfdumpException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  /**
   * @param message what failed, the errno by name, and what to do
   * @param errno the error number, positive
   */
  public SyscallException(String message, int errno) {
    super(message, null);
    this.errno = errno;
  }

  /** The error number, positive. */
  public int errno() {
    return errno;
  }
}
