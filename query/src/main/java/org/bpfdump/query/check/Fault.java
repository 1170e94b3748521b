// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import org.bpfdump.query.Span;

/** What is wrong at a place of the text that is being checked; never leaves the package. */
final class Fault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Span span;
  private final boolean missing;

  private Fault(Span span, String message, boolean missing) {
    super(message, null, false, false);
    this.span = span;
    this.missing = missing;
  }

  /** A mistake on every kernel. */
  static Fault at(Span span, String message) {
    return new Fault(span, message, false);
  }

  /** Something that this kernel lacks and another may have. */
  static Fault missing(Span span, String message) {
    return new Fault(span, message, true);
  }

  Span span() {
    return span;
  }

  boolean missing() {
    return missing;
  }
}
