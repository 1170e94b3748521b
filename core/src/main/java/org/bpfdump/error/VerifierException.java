// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.error;

/** The kernel's verifier refused a program. */
public final class VerifierException extends BpfdumpException {
  private static final long serialVersionUID = 1L;

  private final int errno;
  private final String log;
  private final String detail;

  /**
   * @param message the program, the verifier's reason in one line, and what to do
   * @param errno what bpf(2) returned, positive
   * @param log the verifier's whole log as the kernel gave it
   * @param detail the source line at fault and the end of the log
   */
  public VerifierException(String message, int errno, String log, String detail) {
    super(message, null);
    this.errno = errno;
    this.log = log;
    this.detail = detail;
  }

  /** The error number that bpf(2) returned, positive. */
  public int errno() {
    return errno;
  }

  /** The whole log, many lines. */
  public String log() {
    return log;
  }

  @Override
  public String detail() {
    return detail;
  }
}
