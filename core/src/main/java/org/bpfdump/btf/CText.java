// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.btf;

import org.bpfdump.error.MalformedException;

/** Text that may not grow without end: small BTF can describe C of any length. */
final class CText {
  /** One declaration; the longest prototype of a kernel has less than a thousandth. */
  static final int MAX_DECLARATION = 1 << 20;

  /** A whole header; that of a kernel has a tenth. */
  static final int MAX_HEADER = 1 << 25;

  /** One definition. */
  static final int MAX_BODY = 1 << 22;

  private final StringBuilder text = new StringBuilder();
  private final int limit;

  CText(int limit) {
    this.limit = limit;
  }

  CText add(String more) {
    if (text.length() + more.length() > limit) {
      throw new MalformedException("BTF takes more than " + limit + " bytes as C", -1);
    }
    text.append(more);
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
