// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.error;

import java.util.Optional;
import org.bpfdump.text.Columns;

/** A query's text is wrong, by itself or for this kernel; it points at the place. */
public final class QueryException extends BpfdumpException {
  private static final long serialVersionUID = 1L;

  /** Characters shown on either side of the place. */
  private static final int AROUND = 100;

  private final String text;
  private final int start;
  private final int end;
  private final String file;

  /**
   * @param message what is wrong there, and what would do
   * @param text the expression that the place is in
   * @param start index in it of the first character at fault
   * @param end index after the last; the text's length when something is missing there
   */
  public QueryException(String message, String text, int start, int end) {
    this(message, text, start, end, "");
  }

  private QueryException(String message, String text, int start, int end, String file) {
    super(message, null);
    this.text = text;
    this.start = start;
    this.end = end;
    this.file = file;
  }

  /** The same, of a text that is all of a file; the message names it and the line. */
  public QueryException inFile(String name) {
    return new QueryException(name + ":" + line() + ": " + getMessage(), text, start, end, name);
  }

  /** The file that the text is from; empty when somebody wrote it where it is used. */
  public Optional<String> file() {
    return file.isEmpty() ? Optional.empty() : Optional.of(file);
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

  /** Number of the line of the text that the place is in; the first is 1. */
  public int line() {
    int line = 1;
    for (int i = text.indexOf('\n'); i >= 0 && i < start; i = text.indexOf('\n', i + 1)) {
      line++;
    }
    return line;
  }

  /**
   * The line of the text with the place, or what is around it in a long one, and carets under it.
   */
  @Override
  public String detail() {
    int from = start == 0 ? 0 : text.lastIndexOf('\n', start - 1) + 1;
    int newline = text.indexOf('\n', start);
    int to = newline < 0 ? text.length() : newline;
    String before = "";
    if (start - from > AROUND) {
      from = whole(start - AROUND);
      before = "...";
    }
    String after = "";
    if (to - start > AROUND) {
      to = whole(start + AROUND);
      after = "...";
    }
    StringBuilder detail = new StringBuilder(before).append(text, from, to).append(after);
    detail.append('\n').append(" ".repeat(before.length()));
    // A terminal shows the same under each other, however far a tab goes.
    for (int i = from; i < start; i += Character.charCount(text.codePointAt(i))) {
      detail.append(text.charAt(i) == '\t' ? "\t" : " ".repeat(Columns.of(text.codePointAt(i))));
    }
    int last = Math.min(end, to);
    int carets = 0;
    for (int i = start; i < last; i += Character.charCount(text.codePointAt(i))) {
      carets += Columns.of(text.codePointAt(i));
    }
    return detail.append("^".repeat(Math.max(carets, 1))).toString();
  }

  /** An index near another, not in the middle of a character. */
  private int whole(int index) {
    return Character.isLowSurrogate(text.charAt(index)) ? index - 1 : index;
  }
}
