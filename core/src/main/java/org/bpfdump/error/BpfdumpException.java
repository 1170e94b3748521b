// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.error;

/** The root of what bpfdump throws, apart from {@link java.io.IOException} for unreadable files. */
public abstract sealed class BpfdumpException extends RuntimeException
    permits MalformedException,
        UnsupportedException,
        RequestException,
        QueryException,
        RelocationException,
        VerifierException,
        SyscallException,
        IncompleteException,
        MemoryFaultException,
        ProgramException {
  private static final long serialVersionUID = 1L;

  BpfdumpException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Further lines for a person to read, without a trailing newline; empty when there are none. */
  public String detail() {
    return "";
  }
}
