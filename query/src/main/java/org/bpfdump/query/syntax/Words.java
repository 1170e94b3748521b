// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.syntax;

/** C's own names of integers, which come in any order: {@code long unsigned int}. */
final class Words {
  private final Tokens tokens;
  private String sign = "";
  private String base = "";
  private int longs;

  Words(Tokens tokens) {
    this.tokens = tokens;
  }

  boolean isEmpty() {
    return sign.isEmpty() && base.isEmpty() && longs == 0;
  }

  /** Adds a word to the name; false if it is none of these. */
  boolean add(Token word) {
    boolean fits;
    switch (word.text()) {
      case "signed", "unsigned" -> {
        fits = sign.isEmpty();
        sign = word.text();
      }
      case "long" -> {
        fits = longs < 2;
        longs++;
      }
      case "int" -> {
        fits = base.isEmpty() || base.equals("short");
        base = base.isEmpty() ? "int" : base;
      }
      case "short" -> {
        fits = base.isEmpty() || base.equals("int");
        base = "short";
      }
      case "void", "_Bool", "char" -> {
        fits = base.isEmpty();
        base = word.text();
      }
      default -> {
        return false;
      }
    }
    boolean alone = base.equals("void") || base.equals("_Bool");
    if (!fits
        || (longs > 0 && !base.isEmpty() && !base.equals("int"))
        || (alone && !sign.isEmpty())) {
      throw tokens.wrong(
          "'" + word.text() + "' does not go with what is before it: no type of C is called so",
          word.span());
    }
    return true;
  }

  /** In the usual order, without what goes without saying; empty if there was none. */
  String name() {
    if (isEmpty()) {
      return "";
    }
    String name = longs == 0 ? (base.isEmpty() ? "int" : base) : longs == 1 ? "long" : "long long";
    boolean said = sign.equals("unsigned") || (sign.equals("signed") && base.equals("char"));
    return said ? sign + " " + name : name;
  }
}
