// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** What a program says word for word, and its formats: one constant, each phrase in it once. */
final class Phrases {
  /** More blanks than a cell is wide. */
  static final int MOST_BLANKS = 96;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Map<String, Integer> offsets = new HashMap<>();

  Phrases() {
    at(" ".repeat(MOST_BLANKS));
  }

  /** Where a phrase is. */
  int at(String phrase) {
    return offsets.computeIfAbsent(
        phrase,
        p -> {
          int offset = bytes.size();
          bytes.writeBytes(p.getBytes(StandardCharsets.UTF_8));
          return offset;
        });
  }

  /** Bytes of a phrase. */
  static int length(String phrase) {
    return phrase.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Where there are blanks. */
  int blanks() {
    return 0;
  }

  byte[] toBytes() {
    return bytes.toByteArray();
  }
}
