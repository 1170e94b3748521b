// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bpfdump.query.Span;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An expression's text is that expression, with no more parentheses than it needs. */
class PrinterTest {
  private static final Span SPAN = new Span(0, 0);
  private static final List<String> NAMES = List.of("a", "comm", "f_op", "NULL", "where", "x9");
  private static final List<TypeName> TYPES =
      List.of(
          new TypeName(SPAN, "struct", "tcp_sock", 1),
          new TypeName(SPAN, "enum", "e", 0),
          new TypeName(SPAN, "", "u64", 0),
          new TypeName(SPAN, "", "unsigned long", 0),
          new TypeName(SPAN, "", "foo", 2));

  private RandomGenerator random = RandomGenerator.getDefault();

  @Test
  void anyExpressionComesBack() {
    long seed = Long.getLong("bpfdump.seed", System.nanoTime());
    System.out.println("printing with -Dbpfdump.seed=" + seed);
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    for (int i = 0; i < 20_000; i++) {
      Expression expression = any(random.nextInt(7));
      String text = Printer.print(expression);
      assertThat(Shape.ofText(text)).as(text).isEqualTo(Shape.of(expression));
      assertThat(Printer.print(Parser.expression(text))).isEqualTo(text);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a + b * c",
        "(a + b) * c",
        "a - (b - c)",
        "a & (b == c)",
        "(a ? b : c) ? d ? e : f : g",
        "- -a",
        "!!a",
        "-~a",
        "(foo) (-1)",
        "((struct sock *) a).b[c + 1]",
        "(*a).b",
        "f(a, b ? c : d)",
        "container_of(a.b, struct c, d.e)",
        "comm ^= \"a\\\"\\\\\\n\\001é\"",
        "'\\'' + '\\377' + '\\n' + 0x1ful + 10u",
      })
  void parenthesesAreWhereTheyAreNeeded(String text) {
    String expected = text.replace("a & (b == c)", "a & b == c");
    assertThat(Printer.print(Parser.expression(text))).isEqualTo(expected);
  }

  private Expression any(int height) {
    if (height == 0) {
      return leaf();
    }
    return switch (random.nextInt(12)) {
      case 0, 1, 2, 3 ->
          new Expression.Binary(
              SPAN, pick(List.of(BinaryOperator.values())), any(height - 1), any(height - 1));
      case 4 -> new Expression.Unary(SPAN, pick(List.of(UnaryOperator.values())), any(height - 1));
      case 5 -> new Expression.Member(SPAN, any(height - 1), pick(NAMES), SPAN);
      case 6 -> new Expression.Index(SPAN, any(height - 1), any(height - 1));
      case 7 -> new Expression.Conditional(SPAN, any(height - 1), any(height - 1), any(height - 1));
      case 8 -> new Expression.Cast(SPAN, pick(TYPES), any(height - 1));
      case 9 -> new Expression.SizeOf(SPAN, any(height - 1));
      case 10 ->
          new Expression.ContainerOf(
              SPAN, any(height - 1), pick(TYPES), List.of(pick(NAMES), pick(NAMES)), SPAN);
      default ->
          new Expression.Call(SPAN, pick(NAMES), SPAN, random.nextBoolean() ? List.of() : two());
    };
  }

  private List<Expression> two() {
    return List.of(any(1), any(0));
  }

  private Expression leaf() {
    return switch (random.nextInt(6)) {
      case 0 ->
          new Expression.Constant(
              SPAN,
              random.nextLong() >> random.nextInt(64),
              random.nextBoolean(),
              random.nextBoolean(),
              random.nextBoolean(),
              false);
      case 1 -> new Expression.Constant(SPAN, random.nextInt(256) - 128, false, false, false, true);
      case 2 -> new Expression.Text(SPAN, characters());
      case 3 -> new Expression.SizeOfType(SPAN, pick(TYPES.subList(0, 4)));
      default -> new Expression.Name(SPAN, pick(NAMES));
    };
  }

  private String characters() {
    StringBuilder characters = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      characters.appendCodePoint(
          random.nextInt(4) == 0 ? 0x1d11e + random.nextInt(9) : 1 + random.nextInt(255));
    }
    return characters.toString();
  }

  private <T> T pick(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
