// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.syntax;

/**
 * Names of types, and where they are. C tells a type from a value by its declarations, which nobody
 * has looked at yet. So what begins with a word of C ({@code struct}, {@code unsigned}) is a type;
 * so is a name by which the kernel calls integers ({@code u64}, {@code __be16}, {@code pid_t}), a
 * name followed by {@code *} and {@code )}, and any other name that is alone between parentheses
 * and followed by what can only begin a value: a name, a literal, {@code (}, {@code !}, {@code ~}.
 * Thus {@code (u64) -1} is a cast, {@code (x) -1} a difference, and {@code (x)(-1)} a cast.
 */
final class Types {
  private final Tokens tokens;

  Types(Tokens tokens) {
    this.tokens = tokens;
  }

  /** Whether a cast begins here, with its parenthesis. */
  boolean castAhead() {
    return tokens.is("(") && (certainAhead() || (aloneAhead() && beginsValue(tokens.peek(3))));
  }

  /** Whether a parenthesis and a type begin here, whatever follows. */
  boolean certainAhead() {
    Token first = tokens.peek(1);
    if (first.kind() != Token.Kind.NAME) {
      return false;
    }
    if (isWord(first.text())) {
      return true;
    }
    int at = 2;
    while (tokens.peek(at).is("*")) {
      at++;
    }
    return tokens.peek(at).is(")") && (at > 2 || isInteger(first.text()));
  }

  private boolean aloneAhead() {
    return tokens.peek(1).kind() == Token.Kind.NAME && tokens.peek(2).is(")");
  }

  private static boolean beginsValue(Token token) {
    return switch (token.kind()) {
      case NAME -> Mistakes.symbolOf(token.text()).isEmpty();
      case LITERAL -> true;
      case SYMBOL -> token.is("(") || token.is("!") || token.is("~");
      case WHERE, END -> false;
    };
  }

  /** Words of C that only a type can begin with. */
  static boolean isWord(String name) {
    return isTag(name) || isQualifier(name) || (isInteger(name) && !isTypedef(name));
  }

  private static boolean isTag(String name) {
    return name.equals("struct") || name.equals("union") || name.equals("enum");
  }

  private static boolean isQualifier(String name) {
    return name.equals("const") || name.equals("volatile");
  }

  private static boolean isInteger(String name) {
    return switch (name) {
      case "void", "_Bool", "char", "short", "int", "long", "signed", "unsigned" -> true;
      default -> isTypedef(name);
    };
  }

  private static boolean isTypedef(String name) {
    String plain = name.startsWith("__") ? name.substring(2) : name;
    return switch (plain) {
      case "u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "bool" -> true;
      case "be16", "be32", "be64", "le16", "le32", "le64" -> name.startsWith("__");
      default -> name.endsWith("_t") && name.length() > 2;
    };
  }

  /** Takes a type. */
  TypeName type() {
    int start = tokens.start();
    qualifiers();
    String tag = isTag(tokens.peek().text()) ? tokens.next().text() : "";
    qualifiers();
    String name = name(tag);
    qualifiers();
    if (tokens.peek().kind() == Token.Kind.NAME) {
      throw tokens.wrong(
          tokens.peek().shown() + " is one name too many for a type", tokens.peek().span());
    }
    int pointers = 0;
    for (; tokens.accept("*"); qualifiers()) {
      pointers++;
    }
    if (tokens.is("(") || tokens.is("[")) {
      throw tokens.wrong(
          "a type is a name and any number of '*' here; for a function or an array, void * will do",
          tokens.peek().span());
    }
    return new TypeName(tokens.since(start), tag, name, pointers);
  }

  private void qualifiers() {
    while (isQualifier(tokens.peek().text())) {
      tokens.next();
    }
  }

  private String name(String tag) {
    Token token = tokens.peek();
    if (tag.isEmpty()) {
      Words words = new Words(tokens);
      for (; words.add(tokens.peek()); qualifiers()) {
        tokens.next();
      }
      if (!words.isEmpty()) {
        return words.name();
      }
    }
    if (token.kind() == Token.Kind.NAME && !isWord(token.text())) {
      return tokens.next().text();
    }
    throw tokens.wrong(
        "expected a type's name"
            + (tag.isEmpty() ? "" : " after '" + tag + "'")
            + ", found "
            + token.shown(),
        token.span());
  }
}
