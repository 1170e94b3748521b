// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.container;

/**
 * A structure of the kernel is not what it should be: a list that loops, a node that is no node.
 * Walks note it and go on; it does not reach users.
 */
public final class BrokenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param what with an address: {@code the list at 0x12 loops}
   */
  public BrokenException(String what) {
    super(what);
  }

  /** The same, of the structure at an address: {@code "list", 0x12, "loops"}. */
  public BrokenException(String structure, long address, String fault) {
    this("the " + structure + " at 0x" + Long.toHexString(address) + " " + fault);
  }

  /** None: walks over broken lists throw many. */
  @Override
  public Throwable fillInStackTrace() {
    return this;
  }
}
