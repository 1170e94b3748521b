// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.btf;

import org.bpfdump.error.MalformedException;

/** Text that may not grow without end: small BTF can describe C of any length. */
final class CText {
  /** One declaration; the longest prototype of a kernel has less than a thousandth. */
  static final int MAX_DECLARATION = 1 << 20;

  /** A whole header; that of a kernel has a tenth. */
  private static final int MAX_LENGTH = 1 << 25;

  private final StringBuilder text = new StringBuilder();

  CText add(String more) {
    if (text.length() + more.length() > MAX_LENGTH) {
      throw new MalformedException("BTF takes more than 32 MiB as C", -1);
    }
    text.append(more);
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
