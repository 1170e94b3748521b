// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.syntax;

import java.util.List;
import org.bpfdump.error.QueryException;
import org.bpfdump.query.Span;

/** A place in a text's tokens. */
final class Tokens {
  private final String text;
  private final List<Token> tokens;
  private int at;

  Tokens(String text) {
    this.text = text;
    this.tokens = Lexer.tokens(text);
  }

  String text() {
    return text;
  }

  /** From here on, {@code where} is no name, except as a member. */
  void reserveWhere() {
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      boolean member = i > 0 && (tokens.get(i - 1).is(".") || tokens.get(i - 1).is("->"));
      if (token.isName("where") && !member) {
        tokens.set(i, new Token(Token.Kind.WHERE, token.span(), token.text(), token.literal()));
      }
    }
  }

  Token peek() {
    return tokens.get(at);
  }

  Token peek(int ahead) {
    return tokens.get(Math.min(at + ahead, tokens.size() - 1));
  }

  /** What {@link #next()} gave last; the first token before that. */
  Token last() {
    return tokens.get(Math.max(at - 1, 0));
  }

  boolean atStart() {
    return at == 0;
  }

  Token next() {
    Token token = peek();
    if (token.kind() != Token.Kind.END) {
      at++;
    }
    return token;
  }

  boolean is(String symbol) {
    return peek().is(symbol);
  }

  boolean accept(String symbol) {
    boolean is = is(symbol);
    if (is) {
      at++;
    }
    return is;
  }

  /** Where the next token begins. */
  int start() {
    return peek().span().start();
  }

  /** From a place to the end of the last token taken. */
  Span since(int start) {
    return new Span(start, last().span().end());
  }

  /** The text from a place to the last token taken, on one line and without comments. */
  String written(int start) {
    StringBuilder written = new StringBuilder();
    int first = at;
    while (first > 0 && tokens.get(first - 1).span().start() >= start) {
      first--;
    }
    for (int i = first; i < at; i++) {
      Token token = tokens.get(i);
      if (i > first && token.span().start() > tokens.get(i - 1).span().end()) {
        written.append(' ');
      }
      written.append(token.text());
    }
    return written.toString();
  }

  /** Takes the other half of a pair. */
  void close(Token open, String symbol) {
    if (accept(symbol)) {
      return;
    }
    Token.Kind found = peek().kind();
    if (found == Token.Kind.END || found == Token.Kind.WHERE) {
      throw wrong(
          "this '" + open.text() + "' is not closed: '" + symbol + "' is missing", open.span());
    }
    throw Mistakes.afterValue(this, "'" + symbol + "'");
  }

  QueryException wrong(String message, Span span) {
    return new QueryException(message, text, span.start(), span.end());
  }
}
