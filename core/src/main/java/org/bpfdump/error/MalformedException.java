// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.error;

/** An object file, BTF or another input breaks its own format. */
public final class MalformedException extends BpfdumpException {
  private static final long serialVersionUID = 1L;

  private final long offset;

  /**
   * @param what what was read, and what is wrong with it
   * @param offset where, in bytes from the start of that input; negative when no single place is at
   *     fault
   */
  public MalformedException(String what, long offset) {
    super(offset < 0 ? what : what + " (at byte " + offset + ")", null);
    this.offset = offset;
  }

  /** Where the input is at fault, in bytes from its start; negative when unknown. */
  public long offset() {
    return offset;
  }
}
