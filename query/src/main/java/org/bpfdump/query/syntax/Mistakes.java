// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.syntax;

import org.bpfdump.error.QueryException;

/** What to say where the grammar does not go on; many know another language better than C. */
final class Mistakes {
  private Mistakes() {}

  /** Words that are operators elsewhere; empty for all others. */
  static String symbolOf(String word) {
    return switch (word) {
      case "and", "AND" -> "&&";
      case "or", "OR" -> "||";
      case "not", "NOT" -> "!";
      case "is", "IS", "eq" -> "==";
      case "ne" -> "!=";
      case "mod" -> "%";
      case "like", "LIKE", "contains" -> "*=";
      default -> "";
    };
  }

  /** What follows a whole value is neither an operator nor what may follow here. */
  static QueryException afterValue(Tokens tokens, String expected) {
    Token found = tokens.peek();
    Token before = tokens.last();
    if (found.kind() == Token.Kind.NAME && !symbolOf(found.text()).isEmpty()) {
      return tokens.wrong(
          "for '" + found.text() + "' write '" + symbolOf(found.text()) + "'", found.span());
    }
    if (before.isName("not") || before.isName("NOT")) {
      return tokens.wrong("for 'not' write '!'", before.span());
    }
    String message =
        switch (found.text()) {
          case "=" -> equalSign(tokens);
          case "+=", "-=", "/=", "%=", "&=", "|=", "<<=", ">>=", "++", "--" ->
              found.shown() + " would change a value, and queries only read";
          case ")" -> "this ')' closes nothing" + wanted(expected);
          case "]" -> "this ']' closes nothing" + wanted(expected);
          default -> "expected an operator" + or(expected) + ", found " + found.shown();
        };
    return tokens.wrong(message, found.span());
  }

  private static String equalSign(Tokens tokens) {
    if (tokens.last().text().equals("==")) {
      return "to compare, write '=='";
    }
    return switch (tokens.peek(1).text()) {
      case "~" -> "for '=~' write '*=' (contains) or '^=' (begins with)";
      case "<" -> "for '=<' write '<='";
      case ">" -> "for '=>' write '>='";
      default -> "to compare, write '=='; '=' stands after the name of a column";
    };
  }

  private static String wanted(String expected) {
    return expected.startsWith("'") ? ": " + expected + " is missing before it" : "";
  }

  private static String or(String expected) {
    return (expected.contains(" or ") ? ", " : " or ") + expected;
  }

  /** Where a value must begin, something else does. */
  static QueryException noValue(Tokens tokens) {
    Token found = tokens.peek();
    if (tokens.atStart() && found.kind() == Token.Kind.END) {
      return tokens.wrong("nothing is written: a field, such as pid, would do", found.span());
    }
    String after = tokens.atStart() ? "" : " after " + tokens.last().shown();
    if (found.kind() == Token.Kind.END) {
      return tokens.wrong("a value is missing" + after, found.span());
    }
    boolean adjacent = !tokens.atStart() && tokens.last().span().end() == found.span().start();
    if (adjacent) {
      String both = tokens.last().text() + found.text();
      switch (both) {
        case "<>", "!==", "===" -> {
          return tokens.wrong(
              "for '" + both + "' write '" + (both.equals("===") ? "==" : "!=") + "'",
              tokens.last().span().to(found.span()));
        }
        case "?:" -> {
          return tokens.wrong("a value is missing between '?' and ':'", found.span());
        }
        default -> {}
      }
    }
    return tokens.wrong(
        "expected a value" + after + ", such as a field or a number, found " + found.shown(),
        found.span());
  }
}
