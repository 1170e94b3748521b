// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.syntax;

import java.util.List;

/** An expression as text, with the parentheses that it needs: parsed again, it is the same. */
public final class Printer {
  private static final int CONDITIONAL = 0;
  private static final int PREFIX = 11;
  private static final int POSTFIX = 12;

  private final StringBuilder text = new StringBuilder();

  private Printer() {}

  /** The text, on one line. */
  public static String print(Expression expression) {
    Printer printer = new Printer();
    printer.print(expression, CONDITIONAL);
    return printer.text.toString();
  }

  private void print(Expression expression, int least) {
    boolean parentheses = binds(expression) < least;
    if (parentheses) {
      text.append('(');
    }
    printBare(expression);
    if (parentheses) {
      text.append(')');
    }
  }

  private static int binds(Expression expression) {
    return switch (expression) {
      case Expression.Conditional _ -> CONDITIONAL;
      case Expression.Binary binary -> binary.operator().precedence();
      case Expression.Unary _, Expression.Cast _, Expression.SizeOf _, Expression.SizeOfType _ ->
          PREFIX;
      case Expression.Constant _,
          Expression.Text _,
          Expression.Name _,
          Expression.Member _,
          Expression.Index _,
          Expression.ContainerOf _,
          Expression.Call _ ->
          POSTFIX;
    };
  }

  private void printBare(Expression expression) {
    switch (expression) {
      case Expression.Constant constant -> constant(constant);
      case Expression.Text literal -> quoted(literal.value());
      case Expression.Name name -> text.append(name.name());
      case Expression.Member member -> {
        print(member.of(), POSTFIX);
        text.append('.').append(member.name());
      }
      case Expression.Index index -> {
        print(index.of(), POSTFIX);
        text.append('[');
        print(index.index(), CONDITIONAL);
        text.append(']');
      }
      case Expression.Unary unary -> unary(unary);
      case Expression.Binary binary -> {
        int precedence = binary.operator().precedence();
        print(binary.left(), precedence);
        text.append(' ').append(binary.operator().symbol()).append(' ');
        print(binary.right(), precedence + 1);
      }
      case Expression.Conditional conditional -> {
        print(conditional.condition(), CONDITIONAL + 1);
        text.append(" ? ");
        print(conditional.yes(), CONDITIONAL);
        text.append(" : ");
        print(conditional.no(), CONDITIONAL);
      }
      case Expression.Cast cast -> cast(cast);
      case Expression.SizeOfType size -> text.append("sizeof(").append(size.type()).append(')');
      case Expression.SizeOf size -> {
        text.append("sizeof(");
        print(size.of(), CONDITIONAL);
        text.append(')');
      }
      case Expression.ContainerOf container -> {
        text.append("container_of(");
        print(container.pointer(), CONDITIONAL);
        text.append(", ").append(container.type()).append(", ");
        text.append(String.join(".", container.path())).append(')');
      }
      case Expression.Call call -> {
        text.append(call.function());
        arguments(call.arguments());
      }
    }
  }

  private void arguments(List<Expression> arguments) {
    text.append('(');
    for (int i = 0; i < arguments.size(); i++) {
      text.append(i == 0 ? "" : ", ");
      print(arguments.get(i), CONDITIONAL);
    }
    text.append(')');
  }

  private void unary(Expression.Unary unary) {
    String symbol = unary.operator().symbol();
    text.append(symbol);
    if (unary.of() instanceof Expression.Unary inner
        && inner.operator() == unary.operator()
        && "+-&".contains(symbol)) {
      text.append(' '); // together they would be another operator: --x
    }
    print(unary.of(), PREFIX);
  }

  private void cast(Expression.Cast cast) {
    text.append('(').append(cast.type()).append(") ");
    // Without parentheses, (name) -1 would be a difference.
    print(cast.of(), cast.of() instanceof Expression.Unary ? POSTFIX : PREFIX);
  }

  private void constant(Expression.Constant constant) {
    long value = constant.value();
    if (constant.character()) {
      text.append('\'');
      escaped(value >= 0 ? (char) value : (char) (value & 0xff), '\'');
      text.append('\'');
      return;
    }
    text.append(constant.decimal() ? Long.toUnsignedString(value) : "0x" + Long.toHexString(value));
    text.append(constant.unsigned() ? "u" : "").append(constant.wide() ? "l" : "");
  }

  private void quoted(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      escaped(value.charAt(i), '"');
    }
    text.append('"');
  }

  private void escaped(char c, char quote) {
    switch (c) {
      case '\n' -> text.append("\\n");
      case '\t' -> text.append("\\t");
      case '\\' -> text.append("\\\\");
      default -> {
        if (c == quote) {
          text.append('\\').append(c);
        } else if (c < ' ' || c == 127 || (quote == '\'' && c > 127)) {
          text.append("\\").append((char) ('0' + (c >> 6)));
          text.append((char) ('0' + (c >> 3 & 7))).append((char) ('0' + (c & 7)));
        } else {
          text.append(c);
        }
      }
    }
  }
}
