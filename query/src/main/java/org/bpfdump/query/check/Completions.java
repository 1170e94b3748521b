// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import java.util.ArrayList;
import java.util.List;
import org.bpfdump.btf.Btf;
import org.bpfdump.error.QueryException;
import org.bpfdump.kernel.Target;
import org.bpfdump.query.syntax.Parser;
import org.bpfdump.query.syntax.QueryText;

/**
 * How a piece of a query can go on: the path at its end, {@code file.f_in} say, is looked up among
 * the members of what it leads to.
 */
public final class Completions {
  /** Characters of a constant's name after which there are few enough to offer them. */
  private static final int SOME = 3;

  private final Fields fields;

  /**
   * @param btf the kernel's types
   * @param target what is walked
   */
  public Completions(Btf btf, Target target) {
    this.fields = new Fields(btf, target);
  }

  /**
   * What a word can become: each begins with the word's own text. One that has members ends in a
   * point, a function in a bracket; other names end there. Empty where nothing is known that fits.
   */
  public List<String> of(String word) {
    int name = word.length();
    while (name > 0 && identifier(word.charAt(name - 1))) {
      name--;
    }
    boolean number = name < word.length() && Character.isDigit(word.charAt(name));
    if (number || quoted(word)) {
      return List.of();
    }
    String before = word.substring(0, name);
    String begun = word.substring(name);
    List<String> names = names(before, begun);
    List<String> words = new ArrayList<>();
    for (String each : names) {
      if (each.startsWith(begun)) {
        words.add(before + each);
      }
    }
    return words;
  }

  private List<String> names(String before, String begun) {
    int end = before.endsWith("->") ? before.length() - 2 : before.length() - 1;
    if (!before.endsWith("->") && !before.endsWith(".")) {
      List<String> names = fields.bare();
      for (String function : Functions.NAMES) {
        names.add(function + "(");
      }
      if (begun.length() >= SOME && names.stream().noneMatch(n -> n.startsWith(begun))) {
        names.addAll(fields.constants());
      }
      return names.stream().distinct().sorted().toList();
    }
    String path = before.substring(start(before, end), end);
    try {
      return fields.members(new QueryText.Source(path, Parser.expression(path)));
    } catch (QueryException e) {
      return List.of(); // nobody knows what that is
    }
  }

  /** Where the expression that ends here begins: names, with what is in brackets between them. */
  private static int start(String text, int end) {
    int at = end;
    while (at > 0) {
      char last = text.charAt(at - 1);
      if (identifier(last)) {
        at--;
      } else if (last == ')' || last == ']') {
        int open = opening(text, at - 1);
        if (open < 0) {
          break;
        }
        at = open;
      } else if (last == '.') {
        at--;
      } else if (last == '>' && at > 1 && text.charAt(at - 2) == '-') {
        at -= 2;
      } else {
        break;
      }
    }
    return at;
  }

  private static int opening(String text, int closing) {
    int depth = 0;
    for (int at = closing; at >= 0; at--) {
      char c = text.charAt(at);
      depth += c == ')' || c == ']' ? 1 : c == '(' || c == '[' ? -1 : 0;
      if (depth == 0) {
        return at;
      }
    }
    return -1;
  }

  /** Whether a text ends within a literal. */
  private static boolean quoted(String text) {
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '\\' -> i++;
        case '"' -> quoted = !quoted;
        default -> {}
      }
    }
    return quoted;
  }

  private static boolean identifier(char c) {
    return c == '_' || (c < 128 && Character.isLetterOrDigit(c));
  }
}
