// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bpfdump.error.QueryException;

/**
 * Reads the language of queries. Every method throws {@link QueryException}, and nothing else, for
 * a text that is not in the language; texts of more than 65,536 characters, 100 levels of
 * parentheses or trees higher than 500 are not.
 */
public final class Parser {
  private static final String LIST_END = "','";

  private final Tokens tokens;
  private final Grammar grammar;

  private Parser(String text) {
    this.tokens = new Tokens(text);
    this.grammar = new Grammar(tokens);
  }

  /** One expression: {@code tgid == pid}. */
  public static Expression expression(String text) {
    Parser parser = new Parser(text);
    Expression expression = parser.grammar.expression();
    parser.end("the end");
    return expression;
  }

  /** One column: {@code comm}, {@code rss = mm.total_vm * 4}. */
  public static QueryText.Column column(String text) {
    Parser parser = new Parser(text);
    QueryText.Column column = parser.column();
    parser.end("the end");
    return column;
  }

  /** Columns with commas between them; at least one. */
  public static List<QueryText.Column> columns(String text) {
    Parser parser = new Parser(text);
    List<QueryText.Column> columns = parser.columns();
    parser.end(LIST_END);
    return columns;
  }

  /**
   * A whole query: {@code task: tgid, comm where tgid == pid}. The target is a name or a path,
   * {@code task/file}. Columns and the condition may be left out.
   */
  public static QueryText query(String text) {
    Parser parser = new Parser(text);
    parser.tokens.reserveWhere();
    return parser.query();
  }

  private QueryText query() {
    String target = target();
    List<QueryText.Column> columns = List.of();
    if (tokens.accept(":")) {
      Token.Kind kind = tokens.peek().kind();
      if (kind != Token.Kind.END && kind != Token.Kind.WHERE) {
        columns = columns();
      }
    } else if (tokens.peek().kind() != Token.Kind.WHERE && tokens.peek().kind() != Token.Kind.END) {
      throw tokens.wrong(
          "expected ':' or 'where' after the target, found " + tokens.peek().shown(),
          tokens.peek().span());
    }
    Optional<QueryText.Source> where = Optional.empty();
    if (tokens.peek().kind() == Token.Kind.WHERE) {
      tokens.next();
      where = Optional.of(new QueryText.Source(tokens.text(), grammar.expression()));
      end("the end");
    } else {
      end("',' or 'where'");
    }
    return new QueryText(target, columns, where);
  }

  private String target() {
    int start = tokens.start();
    do {
      if (tokens.peek().kind() != Token.Kind.NAME) {
        throw tokens.wrong(
            "expected a target, such as task or task/file, found " + tokens.peek().shown(),
            tokens.peek().span());
      }
      tokens.next();
    } while (tokens.accept("/"));
    return tokens.written(start).replace(" ", "");
  }

  private List<QueryText.Column> columns() {
    List<QueryText.Column> columns = new ArrayList<>();
    do {
      columns.add(column());
    } while (tokens.accept(","));
    return columns;
  }

  private QueryText.Column column() {
    Optional<String> label = Optional.empty();
    if (tokens.peek(1).is("=")) {
      label = label(tokens.peek());
    }
    if (label.isPresent()) {
      tokens.next();
      tokens.next();
    }
    int start = tokens.start();
    Expression expression = grammar.expression();
    String written = tokens.written(start);
    QueryText.Source source = new QueryText.Source(tokens.text(), expression);
    return new QueryText.Column(label.orElse(written), source);
  }

  private Optional<String> label(Token token) {
    if (token.kind() == Token.Kind.NAME) {
      return Optional.of(token.text());
    }
    if (token.literal().orElse(null) instanceof Expression.Text text) {
      if (text.value().isBlank() || text.value().chars().anyMatch(Character::isISOControl)) {
        throw tokens.wrong("a column's name is one line, and not empty", text.span());
      }
      return Optional.of(text.value());
    }
    return Optional.empty();
  }

  private void end(String expected) {
    if (tokens.peek().kind() != Token.Kind.END) {
      throw Mistakes.afterValue(tokens, expected);
    }
  }
}
