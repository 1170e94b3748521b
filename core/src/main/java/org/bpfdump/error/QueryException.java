// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.error;

/** A query's text is wrong, by itself or for this kernel; it points at the place. */
public final class QueryException extends BpfdumpException {
  private static final long serialVersionUID = 1L;

  private final String text;
  private final int start;
  private final int end;

  /**
   * @param message what is wrong there, and what would do
   * @param text the expression that the place is in
   * @param start index in it of the first character at fault
   * @param end index after the last; the text's length when something is missing there
   */
  public QueryException(String message, String text, int start, int end) {
    super(message, null);
    this.text = text;
    this.start = start;
    this.end = end;
  }

  /** The expression that the place is in. */
  public String text() {
    return text;
  }

  /** Index in {@link #text()} of the first character at fault. */
  public int start() {
    return start;
  }

  /** Index after the last character at fault. */
  public int end() {
    return end;
  }

  /** The line of the text with the place, and carets under it. */
  @Override
  public String detail() {
    int from = text.lastIndexOf('\n', Math.max(start - 1, 0)) + 1;
    int newline = text.indexOf('\n', from);
    int to = newline < 0 ? text.length() : newline;
    int carets = Math.max(1, Math.min(end, to) - start);
    return text.substring(from, to) + "\n" + " ".repeat(start - from) + "^".repeat(carets);
  }
}
