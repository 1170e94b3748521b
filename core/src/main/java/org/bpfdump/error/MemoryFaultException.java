// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.error;

/** Memory of an image that was needed is not there: no page, or one that the file does not have. */
public final class MemoryFaultException extends BpfdumpException {
  private static final long serialVersionUID = 1L;

  private final long address;

  /**
   * @param address the virtual address of the first byte that is not there
   */
  public MemoryFaultException(long address) {
    super("no memory at 0x" + Long.toHexString(address) + " in this image", null);
    this.address = address;
  }

  /** The virtual address of the first byte that is not there. */
  public long address() {
    return address;
  }

  /** None: walks over broken lists throw many. */
  @Override
  public Throwable fillInStackTrace() {
    return this;
  }
}
