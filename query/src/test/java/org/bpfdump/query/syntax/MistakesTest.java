// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.error.QueryException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a mistake gets: {@code mistakes.txt} has, between empty lines, texts with carets under the
 * place and what is said of it.
 */
class MistakesTest {
  /** One of them. */
  record Mistake(String entry, String text, String pointed, String message) {
    @Override
    public String toString() {
      return text;
    }
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsPointedAt(Mistake mistake) {
    QueryException e =
        catchThrowableOfType(QueryException.class, () -> parse(mistake.entry, mistake.text));
    assertThat(e).isNotNull();
    assertThat(e.detail()).isEqualTo(mistake.pointed);
    assertThat(e).hasMessage(mistake.message);
  }

  private static void parse(String entry, String text) {
    switch (entry) {
      case "expression" -> Parser.expression(text);
      case "column" -> Parser.column(text);
      case "columns" -> Parser.columns(text);
      case "query" -> Parser.query(text);
      default -> throw new AssertionError(entry);
    }
  }

  static List<Mistake> mistakes() throws IOException {
    String file;
    try (InputStream in = MistakesTest.class.getResourceAsStream("mistakes.txt")) {
      file = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    List<Mistake> mistakes = new ArrayList<>();
    String entry = "";
    for (String block : file.strip().split("\n\n")) {
      if (block.startsWith("== ")) {
        entry = block.substring(3);
        continue;
      }
      List<String> lines = new ArrayList<>(block.lines().toList());
      String message = lines.removeLast();
      int carets = 0;
      while (!lines.get(carets).matches("\\s*\\^+")) {
        carets++;
      }
      String pointed = lines.get(carets - 1) + "\n" + lines.remove(carets);
      mistakes.add(new Mistake(entry, String.join("\n", lines), pointed, message));
    }
    return mistakes;
  }
}
