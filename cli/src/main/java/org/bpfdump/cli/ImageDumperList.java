// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The dumpers of an image, as {@code dumper show dumper} shows them. */
final class ImageDumperList {
  private static final String[] HEADING = {
    "dumper", "target", "prog_name", "mode", "owner", "group", "parameter", "query"
  };

  private static final int LEAST_WIDTH = 24;
  private static final String UNKNOWN = "-";

  private ImageDumperList() {}

  static String table(List<ImageDumpers.Entry> entries) throws IOException {
    List<String[]> rows = new ArrayList<>();
    rows.add(HEADING);
    for (ImageDumpers.Entry entry : entries) {
      rows.add(
          new String[] {
            Errors.visible(entry.name()),
            fact(entry, "target"),
            fact(entry, "prog_name"),
            mode(entry.file()),
            Errors.visible(attribute(entry.file(), "posix:owner")),
            Errors.visible(attribute(entry.file(), "posix:group")),
            fact(entry, "parameter"),
            fact(entry, "query")
          });
    }
    return Table.of(rows, LEAST_WIDTH);
  }

  static String json(List<ImageDumpers.Entry> entries) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      json.writeStartArray();
      for (ImageDumpers.Entry entry : entries) {
        json.writeStartObject();
        json.writeStringField("name", entry.name());
        json.writeStringField("file", entry.file().toString());
        for (String key : new String[] {"target", "prog_name", "parameter", "query"}) {
          if (entry.facts().containsKey(key)) {
            json.writeStringField(key, entry.facts().get(key));
          }
        }
        json.writeStringField("mode", mode(entry.file()));
        json.writeStringField("owner", attribute(entry.file(), "posix:owner"));
        json.writeStringField("group", attribute(entry.file(), "posix:group"));
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    return text.append('\n').toString();
  }

  private static String fact(ImageDumpers.Entry entry, String key) {
    return Errors.visible(entry.facts().getOrDefault(key, UNKNOWN));
  }

  private static String mode(Path file) throws IOException {
    return ShowDumperCommand.mode((int) Files.getAttribute(file, "unix:mode") & 07777);
  }

  private static String attribute(Path file, String name) throws IOException {
    return Files.getAttribute(file, name).toString();
  }
}
