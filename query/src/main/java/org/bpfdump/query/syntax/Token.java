// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.syntax;

import java.util.Optional;
import org.bpfdump.query.Span;

/**
 * A word of a query.
 *
 * @param text as it was written; empty at the end
 * @param literal what a number, a character or a string is
 */
record Token(Kind kind, Span span, String text, Optional<Expression> literal) {
  enum Kind {
    NAME,
    LITERAL,
    SYMBOL,
    /** The word {@code where} in a whole query. */
    WHERE,
    END
  }

  private static final int LONGEST_SHOWN = 40;

  boolean is(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  boolean isName(String name) {
    return kind == Kind.NAME && text.equals(name);
  }

  /** For a message. */
  String shown() {
    if (kind == Kind.END) {
      return "the end";
    }
    return text.length() <= LONGEST_SHOWN
        ? "'" + text + "'"
        : "'" + text.substring(0, LONGEST_SHOWN) + "...'";
  }
}
