// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.syntax;

import org.bpfdump.error.QueryException;

/** An expression without its spans, every operator before its operands. */
final class Shape {
  private Shape() {}

  /** {@code !} for a text that is refused. */
  static String ofText(String text) {
    try {
      return of(Parser.expression(text));
    } catch (QueryException e) {
      return "!";
    }
  }

  static String ofConstant(String text) {
    try {
      return constant((Expression.Constant) Parser.expression(text));
    } catch (QueryException e) {
      return "!";
    }
  }

  static String constant(Expression.Constant c) {
    String base = c.decimal() || c.character() ? "" : " hex";
    return c.value()
        + (c.unsigned() ? " unsigned" : "")
        + (c.wide() ? " wide" : "")
        + (c.character() ? " character" : "")
        + base;
  }

  static String of(Expression expression) {
    return switch (expression) {
      case Expression.Constant c -> constant(c);
      case Expression.Text t -> '"' + t.value() + '"';
      case Expression.Name n -> n.name();
      case Expression.Member m -> "(. " + of(m.of()) + " " + m.name() + ")";
      case Expression.Index i -> "([] " + of(i.of()) + " " + of(i.index()) + ")";
      case Expression.Unary u -> "(" + u.operator().symbol() + " " + of(u.of()) + ")";
      case Expression.Binary b ->
          "(" + b.operator().symbol() + " " + of(b.left()) + " " + of(b.right()) + ")";
      case Expression.Conditional c ->
          "(? " + of(c.condition()) + " " + of(c.yes()) + " " + of(c.no()) + ")";
      case Expression.Cast c -> "(cast " + c.type() + " " + of(c.of()) + ")";
      case Expression.SizeOfType s -> "(sizeof-type " + s.type() + ")";
      case Expression.SizeOf s -> "(sizeof " + of(s.of()) + ")";
      case Expression.ContainerOf c ->
          "(container-of " + of(c.pointer()) + " " + c.type() + " " + c.path() + ")";
      case Expression.Call c -> {
        StringBuilder call = new StringBuilder("(call ").append(c.function());
        c.arguments().forEach(a -> call.append(' ').append(of(a)));
        yield call.append(')').toString();
      }
    };
  }
}
