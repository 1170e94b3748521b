// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bpfdump.query.Span;

/** C's grammar of expressions, by descent. */
final class Grammar {
  /** How often parentheses, calls, indexes, prefixes and {@code ?:} may be inside each other. */
  static final int NESTED = 100;

  /** How high a tree may be; whoever walks it can do so by calling itself. */
  static final int HIGHEST = 500;

  private static final BinaryOperator[] BINARY = BinaryOperator.values();
  private static final UnaryOperator[] UNARY = UnaryOperator.values();

  private final Tokens tokens;
  private final Types types;
  private int nested;

  /** Height of the expression that was made last. */
  private int height;

  Grammar(Tokens tokens) {
    this.tokens = tokens;
    this.types = new Types(tokens);
  }

  /** All that C has, without assignments and the comma. */
  Expression expression() {
    enter();
    int start = tokens.start();
    Expression expression = binary(1);
    if (tokens.is("?")) {
      int deep = height;
      Token mark = tokens.next();
      Expression yes = expression();
      deep = Math.max(deep, height);
      if (!tokens.accept(":")) {
        if (tokens.peek().kind() == Token.Kind.END) {
          throw tokens.wrong("this '?' has no ':' after it", mark.span());
        }
        throw Mistakes.afterValue(tokens, "':'");
      }
      Expression no = expression();
      grow(Math.max(deep, height));
      expression = new Expression.Conditional(tokens.since(start), expression, yes, no);
    }
    nested--;
    return expression;
  }

  private Expression binary(int least) {
    int start = tokens.start();
    Expression left = unary();
    while (true) {
      Optional<BinaryOperator> operator = operator();
      if (operator.isEmpty() || operator.get().precedence() < least) {
        return left;
      }
      int deep = height;
      tokens.next();
      Expression right = binary(operator.get().precedence() + 1);
      grow(Math.max(deep, height));
      left = new Expression.Binary(tokens.since(start), operator.get(), left, right);
    }
  }

  private Optional<BinaryOperator> operator() {
    if (tokens.peek().kind() == Token.Kind.SYMBOL) {
      for (BinaryOperator operator : BINARY) {
        if (tokens.is(operator.symbol())) {
          return Optional.of(operator);
        }
      }
    }
    return Optional.empty();
  }

  private Expression unary() {
    enter();
    Expression expression = prefixed();
    nested--;
    return expression;
  }

  private Expression prefixed() {
    int start = tokens.start();
    for (UnaryOperator operator : UNARY) {
      if (tokens.accept(operator.symbol())) {
        Expression of = unary();
        grow(height);
        return new Expression.Unary(tokens.since(start), operator, of);
      }
    }
    if (tokens.peek().isName("sizeof")) {
      return size(start);
    }
    if (types.castAhead()) {
      Token open = tokens.next();
      TypeName type = types.type();
      tokens.close(open, ")");
      Expression of = unary();
      grow(height);
      return new Expression.Cast(tokens.since(start), type, of);
    }
    return postfix();
  }

  private Expression size(int start) {
    tokens.next();
    if (tokens.is("(") && types.certainAhead()) {
      Token open = tokens.next();
      TypeName type = types.type();
      tokens.close(open, ")");
      height = 1;
      return new Expression.SizeOfType(tokens.since(start), type);
    }
    Expression of = unary();
    grow(height);
    return new Expression.SizeOf(tokens.since(start), of);
  }

  private Expression postfix() {
    int start = tokens.start();
    Expression of = primary();
    while (true) {
      if (tokens.is(".") || tokens.is("->")) {
        tokens.next();
        Token name = name("a member's name");
        grow(height);
        of = new Expression.Member(tokens.since(start), of, name.text(), name.span());
      } else if (tokens.is("[")) {
        int deep = height;
        Token open = tokens.next();
        Expression index = expression();
        tokens.close(open, "]");
        grow(Math.max(deep, height));
        of = new Expression.Index(tokens.since(start), of, index);
      } else if (tokens.is("(")) {
        throw tokens.wrong(
            "only names can be called, as in path(file.f_path)", tokens.peek().span());
      } else {
        return of;
      }
    }
  }

  private Expression primary() {
    Token token = tokens.peek();
    height = 1;
    switch (token.kind()) {
      case LITERAL -> {
        tokens.next();
        return token.literal().orElseThrow();
      }
      case NAME -> {
        return named();
      }
      case SYMBOL -> {
        if (token.is("(")) {
          tokens.next();
          Expression inner = expression();
          tokens.close(token, ")");
          return inner;
        }
      }
      case WHERE, END -> {}
    }
    throw Mistakes.noValue(tokens);
  }

  private Expression named() {
    Token name = tokens.peek();
    if (Types.isWord(name.text())) {
      throw tokens.wrong(
          "a type is no value: a cast has it in parentheses, as in (struct tcp_sock *)sk",
          name.span());
    }
    tokens.next();
    boolean container = name.text().equals("container_of");
    if (!tokens.is("(")) {
      if (container) {
        throw tokens.wrong("write container_of(pointer, struct type, member)", name.span());
      }
      return new Expression.Name(name.span(), name.text());
    }
    return container ? containerOf(name) : call(name);
  }

  private Expression call(Token name) {
    Token open = tokens.next();
    List<Expression> arguments = new ArrayList<>();
    int deep = 0;
    if (!tokens.is(")") && tokens.peek().kind() != Token.Kind.END) {
      do {
        arguments.add(expression());
        deep = Math.max(deep, height);
      } while (tokens.accept(","));
    }
    tokens.close(open, ")");
    grow(deep);
    Span span = tokens.since(name.span().start());
    return new Expression.Call(span, name.text(), name.span(), arguments);
  }

  private Expression containerOf(Token name) {
    Token open = tokens.next();
    Expression pointer = expression();
    comma(open, "the type around it");
    TypeName type = types.type();
    comma(open, "the member");
    int start = tokens.start();
    List<String> path = new ArrayList<>();
    do {
      path.add(name("a member's name").text());
    } while (tokens.accept("."));
    Span pathSpan = tokens.since(start);
    tokens.close(open, ")");
    grow(height);
    Span span = tokens.since(name.span().start());
    return new Expression.ContainerOf(span, pointer, type, path, pathSpan);
  }

  private void comma(Token open, String before) {
    if (tokens.accept(",")) {
      return;
    }
    if (tokens.is(")")) {
      throw tokens.wrong(
          "',' and " + before + " are missing: container_of(pointer, struct type, member)",
          tokens.peek().span());
    }
    tokens.close(open, ",");
  }

  private Token name(String what) {
    Token name = tokens.peek();
    if (name.kind() != Token.Kind.NAME) {
      throw tokens.wrong(
          "expected " + what + " after " + tokens.last().shown() + ", found " + name.shown(),
          name.span());
    }
    return tokens.next();
  }

  private void enter() {
    if (++nested > 2 * NESTED) {
      throw tokens.wrong("more than " + NESTED + " levels inside each other", tokens.peek().span());
    }
  }

  /** What is made next has parts of this height. */
  private void grow(int parts) {
    height = parts + 1;
    if (height > HIGHEST) {
      throw tokens.wrong(
          "more than "
              + HIGHEST
              + " operators on each other's results: use parentheses to make"
              + " groups of some of them",
          tokens.last().span());
    }
  }
}
