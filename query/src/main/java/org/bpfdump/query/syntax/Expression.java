// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.syntax;

import java.util.List;
import org.bpfdump.query.Span;

/** What was written, before anybody knows what its names mean. C's grammar and precedence. */
public sealed interface Expression {
  /** Where it stands in the text. */
  Span span();

  /**
   * An integer or character constant.
   *
   * @param value its bits; those of {@code '\377'} are -1, as where {@code char} has a sign
   * @param unsigned whether it has the suffix {@code u}
   * @param wide whether it has the suffix {@code l} or {@code ll}
   * @param decimal whether it is in base 10, which in C has its own rule for the type
   * @param character whether it was written between quotes
   */
  record Constant(
      Span span, long value, boolean unsigned, boolean wide, boolean decimal, boolean character)
      implements Expression {}

  /** A string between double quotes, escapes resolved. */
  record Text(Span span, String value) implements Expression {}

  /** A bare name: an argument of the target, a member of one, an enumerator, {@code NULL}. */
  record Name(Span span, String name) implements Expression {}

  /** {@code of.name}, or {@code of->name}: both follow a pointer. */
  record Member(Span span, Expression of, String name, Span nameSpan) implements Expression {}

  /** {@code of[index]}. */
  record Index(Span span, Expression of, Expression index) implements Expression {}

  /** {@code -x}, {@code ~x}, {@code !x}, {@code +x}, {@code *x}, {@code &x}. */
  record Unary(Span span, UnaryOperator operator, Expression of) implements Expression {}

  /** Two operands. */
  record Binary(Span span, BinaryOperator operator, Expression left, Expression right)
      implements Expression {}

  /** {@code condition ? yes : no}. */
  record Conditional(Span span, Expression condition, Expression yes, Expression no)
      implements Expression {}

  /** {@code (type) of}. */
  record Cast(Span span, TypeName type, Expression of) implements Expression {}

  /** {@code sizeof(type)}. */
  record SizeOfType(Span span, TypeName type) implements Expression {}

  /**
   * {@code sizeof expression}; the expression is not computed. A lone {@link Name} may be that of a
   * type, which is for the reader to find out: C would know.
   */
  record SizeOf(Span span, Expression of) implements Expression {}

  /** {@code container_of(pointer, type, member.path)}. */
  record ContainerOf(Span span, Expression pointer, TypeName type, List<String> path, Span pathSpan)
      implements Expression {}

  /** A function of the query language, {@code path(file.f_path)}. */
  record Call(Span span, String function, Span nameSpan, List<Expression> arguments)
      implements Expression {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }
}
