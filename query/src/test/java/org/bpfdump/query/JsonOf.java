// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bpfdump.testkit.Exec;

/** What other programs say in JSON. */
final class JsonOf {
  private JsonOf() {}

  /** An array of objects that a program prints, their values as text. */
  static List<Map<String, String>> objects(String... command) throws IOException {
    List<Map<String, String>> objects = new ArrayList<>();
    try (JsonParser parser = new JsonFactory().createParser(Exec.of(command).run().ok().out())) {
      while (parser.nextToken() != null) {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
          objects.add(object(parser));
        }
      }
    }
    return objects;
  }

  private static Map<String, String> object(JsonParser parser) throws IOException {
    Map<String, String> object = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      object.put(name, parser.currentToken().isStructStart() ? inside(parser) : parser.getText());
    }
    return object;
  }

  /** The scalars inside, with blanks between them. */
  private static String inside(JsonParser parser) throws IOException {
    List<String> values = new ArrayList<>();
    for (int depth = 1; depth > 0; ) {
      JsonToken token = parser.nextToken();
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      if (token.isScalarValue()) {
        values.add(parser.getText());
      }
    }
    return String.join(" ", values);
  }
}
