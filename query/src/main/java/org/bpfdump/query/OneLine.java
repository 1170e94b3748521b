// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

import java.util.List;
import org.bpfdump.kernel.Target;
import org.bpfdump.query.syntax.Printer;
import org.bpfdump.query.syntax.QueryText;

/** A query as a text of one line, which {@link Query#parse} takes for the same query. */
final class OneLine {
  private OneLine() {}

  static String of(
      Target target, List<QueryText.Column> columns, List<QueryText.Source> conditions) {
    StringBuilder text = new StringBuilder(target.path()).append(": ");
    String comma = "";
    for (QueryText.Column column : columns) {
      String expression = Printer.print(column.source().expression());
      text.append(comma);
      if (!column.label().equals(expression)) {
        text.append(label(column.label())).append(" = ");
      }
      text.append(expression);
      comma = ", ";
    }
    String and = " where ";
    for (QueryText.Source condition : conditions) {
      String expression = Printer.print(condition.expression());
      text.append(and);
      if (conditions.size() == 1) {
        text.append(expression);
      } else {
        text.append('(').append(expression).append(')');
      }
      and = " && ";
    }
    return text.toString();
  }

  /** A name is written as it is; what else a label may be is quoted. */
  private static String label(String label) {
    boolean name = !label.isEmpty() && !Character.isDigit(label.charAt(0));
    for (int i = 0; i < label.length(); i++) {
      char c = label.charAt(i);
      name &= c == '_' || (c < 0x80 && Character.isLetterOrDigit(c));
    }
    if (name && !label.equals("where")) {
      return label;
    }
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < label.length(); i++) {
      char c = label.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\');
      }
      quoted.append(c < ' ' || c == 0x7F ? ' ' : c);
    }
    return quoted.append('"').toString();
  }
}
