// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bpfdump.error.QueryException;
import org.bpfdump.query.Span;

/** Text to tokens. White space and comments, from {@code #} to the end of the line, are between. */
final class Lexer {
  /** Characters that a text has at most. */
  static final int LONGEST = 1 << 16;

  /**
   * Longer ones first. Those that change a value are no operators here; as tokens of their own they
   * get a better message than their parts would.
   */
  private static final String[] SYMBOLS = {
    "<<=", ">>=", "->", "<<", ">>", "<=", ">=", "==", "!=", "^=", "*=", "&&", "||", "++", "--",
    "+=", "-=", "/=", "%=", "&=", "|=", "+", "-", "*", "/", "%", "<", ">", "=", "!", "~", "&", "|",
    "^", "?", ":", ".", ",", "(", ")", "[", "]", "{", "}", ";"
  };

  private final String text;
  private final Literals literals;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private Lexer(String text) {
    this.text = text;
    this.literals = new Literals(text);
  }

  /** All of them; the last one, of kind END, is where the one before ends. */
  static List<Token> tokens(String text) {
    if (text.length() > LONGEST) {
      throw new QueryException(
          "a text of " + text.length() + " characters is too long: " + LONGEST + " is the most",
          text,
          LONGEST,
          LONGEST + 1);
    }
    return new Lexer(text).all();
  }

  private List<Token> all() {
    int end = 0;
    for (skip(); at < text.length(); skip()) {
      one();
      end = at;
    }
    tokens.add(new Token(Token.Kind.END, new Span(end, end), "", Optional.empty()));
    return tokens;
  }

  private void skip() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '#') {
        int newline = text.indexOf('\n', at);
        at = newline < 0 ? text.length() : newline;
      } else if (c == ' ' || (c >= '\t' && c <= '\r')) {
        at++;
      } else {
        return;
      }
    }
  }

  private void one() {
    int start = at;
    char c = text.charAt(at);
    if (isNameStart(c)) {
      while (at < text.length() && isNamePart(text.charAt(at))) {
        at++;
      }
      add(Token.Kind.NAME, start, Optional.empty());
    } else if (c >= '0' && c <= '9') {
      literal(literals.number(start));
    } else if (c == '"') {
      literal(literals.string(start));
    } else if (c == '\'') {
      literal(literals.character(start));
    } else {
      symbol();
    }
  }

  private void literal(Expression literal) {
    int start = at;
    at = literal.span().end();
    add(Token.Kind.LITERAL, start, Optional.of(literal));
  }

  private void symbol() {
    if (text.startsWith("//", at) || text.startsWith("/*", at)) {
      throw wrong("a comment begins with '#', not with '" + text.substring(at, at + 2) + "'", 2);
    }
    for (String symbol : SYMBOLS) {
      if (text.startsWith(symbol, at)) {
        int start = at;
        at += symbol.length();
        add(Token.Kind.SYMBOL, start, Optional.empty());
        return;
      }
    }
    int c = text.codePointAt(at);
    String what = "unexpected " + Literals.shown(c);
    throw wrong(
        switch (c) {
          case '\u201c', '\u201d', '\u201e', '\u00ab', '\u00bb' ->
              what + ": strings are between \"";
          case '\u2018', '\u2019', '\u201a', '`' -> what + ": characters are between '";
          case '$' -> what + ": names begin with a letter or '_'";
          default ->
              what
                  + (Character.isLetter(c)
                      ? ": names have letters from a to z; a label that has others is between \""
                      : ": names, numbers, strings and C's operators are known here");
        },
        Character.charCount(c));
  }

  private QueryException wrong(String message, int length) {
    return new QueryException(message, text, at, at + length);
  }

  private void add(Token.Kind kind, int start, Optional<Expression> literal) {
    tokens.add(new Token(kind, new Span(start, at), text.substring(start, at), literal));
  }

  static boolean isNameStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  static boolean isNamePart(char c) {
    return isNameStart(c) || (c >= '0' && c <= '9');
  }
}
