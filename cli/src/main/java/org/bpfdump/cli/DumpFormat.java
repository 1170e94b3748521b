// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.util.List;
import org.bpfdump.query.plan.Column;
import org.bpfdump.query.render.CommaSeparated;
import org.bpfdump.query.render.Json;
import org.bpfdump.query.render.RowWriter;
import org.bpfdump.query.render.Sink;
import org.bpfdump.query.render.TabSeparated;
import org.bpfdump.query.render.Table;
import org.bpfdump.query.render.Users;

/** What rows are put out as. */
enum DumpFormat {
  TABLE("table"),
  JSON("json"),
  JSONL("jsonl"),
  CSV("csv"),
  TSV("tsv"),
  RAW("raw");

  private static final List<String> WORDS = List.of("table", "json", "jsonl", "csv", "tsv", "raw");

  static final Option OPTION =
      Option.choice(
          "--format",
          "FORMAT",
          WORDS,
          "table (default), json, jsonl, csv, tsv, or raw: the bytes of the rows");

  private final String word;

  DumpFormat(String word) {
    this.word = word;
  }

  /** The one that was asked for. */
  static DumpFormat of(Arguments arguments) {
    String wanted = arguments.value("--format");
    if (wanted == null) {
      return TABLE;
    }
    for (DumpFormat format : values()) {
      if (format.word.equals(wanted)) {
        return format;
      }
    }
    throw arguments.wrong("--format takes " + String.join(", ", WORDS) + ", not " + wanted);
  }

  /**
   * A writer of this format.
   *
   * @param terminal what it is for; null when that is no terminal
   */
  RowWriter writer(Sink sink, List<Column> columns, boolean header, Terminal terminal) {
    Users users = new Users();
    return switch (this) {
      case TABLE ->
          new Table(
              sink,
              columns,
              users,
              header,
              terminal == null ? 0 : terminal.width(),
              terminal != null && Terminal.takesColours());
      case JSON -> new Json(sink, columns, users, false);
      case JSONL -> new Json(sink, columns, users, true);
      case CSV -> new CommaSeparated(sink, columns, users, header);
      case TSV -> new TabSeparated(sink, columns, users, header);
      case RAW -> new RawBytes(sink);
    };
  }
}
