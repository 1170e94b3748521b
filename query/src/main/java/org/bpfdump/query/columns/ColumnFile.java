// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.columns;

import org.bpfdump.error.QueryException;
import org.bpfdump.query.Span;
import org.bpfdump.query.syntax.Parser;
import org.bpfdump.query.syntax.QueryText;

/**
 * A file with columns.
 *
 * @param name what messages call it: its path, where it is the user's
 * @param text all of it, for who wants to read or copy it
 */
public record ColumnFile(String name, String text, QueryText query) {
  static ColumnFile parse(String name, String text) {
    try {
      return new ColumnFile(name, text, Parser.query(text));
    } catch (QueryException e) {
      throw e.inFile(name);
    }
  }

  /** What was found wrong with one of these columns later, with the name of the file. */
  public QueryException located(QueryException e) {
    return e.file().isEmpty() && e.text().equals(text) ? e.inFile(name) : e;
  }

  QueryException wrong(String message, Span span) {
    return new QueryException(message, text, span.start(), span.end()).inFile(name);
  }
}
