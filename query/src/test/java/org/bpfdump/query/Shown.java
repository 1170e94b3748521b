// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Kernel;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.live.LiveDumper;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.query.plan.Column;
import org.bpfdump.query.render.TabSeparated;
import org.bpfdump.query.render.Users;
import org.bpfdump.testkit.NetworkNamespace;

/** The rows of a complete dump as people see them: each cell's text by its column's label. */
final class Shown {
  private Shown() {}

  /** What a query shows. */
  static List<Map<String, String>> rows(LoadedQuery query) {
    try (RowDump dump = query.open()) {
      return rows(query, dump);
    }
  }

  /** What a query shows, loaded for this once. */
  static List<Map<String, String>> rows(Kernel kernel, Query query, Parameter parameter) {
    try (LoadedQuery loaded = query.load(kernel, parameter)) {
      return rows(loaded);
    }
  }

  /** What the usual columns show. */
  static List<Map<String, String>> usual(Kernel kernel, String target) {
    return rows(kernel, Query.of(target, List.of()), new Parameter.None());
  }

  /** What the usual columns show in a network namespace. */
  static List<Map<String, String>> usual(Kernel kernel, String target, NetworkNamespace namespace) {
    return rows(kernel, Query.of(target, List.of()), namespace);
  }

  /** What a query shows in a network namespace. */
  static List<Map<String, String>> rows(Kernel kernel, Query query, NetworkNamespace namespace) {
    try (LoadedQuery loaded = query.load(kernel);
        RowDump dump = namespace.inside(loaded::open)) {
      return rows(loaded, dump);
    }
  }

  /** Lines of a program that writes them itself, split at tabs; the header's names are the keys. */
  static List<Map<String, String>> text(LiveKernel kernel, Query query, Parameter parameter)
      throws IOException {
    try (LiveDumper dumper =
            query.loadText(
                TextFormat.TAB_SEPARATED, kernel, program -> kernel.load(program, parameter));
        Dump dump = dumper.open();
        InputStream in = dump.stream()) {
      List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      String[] names = lines.getFirst().split("\t");
      List<Map<String, String>> rows = new ArrayList<>();
      for (String line : lines.subList(1, lines.size())) {
        String[] cells = line.split("\t", -1);
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < names.length; i++) {
          row.put(names[i], cells[i]);
        }
        rows.add(row);
      }
      return rows;
    }
  }

  private static List<Map<String, String>> rows(LoadedQuery query, RowDump dump) {
    StringBuilder text = new StringBuilder();
    TabSeparated out =
        new TabSeparated(
            (bytes, from, to) ->
                text.append(new String(bytes, from, to - from, StandardCharsets.UTF_8)),
            query.plan().columns(),
            new Users(),
            false);
    while (dump.next()) {
      out.row(dump.row());
    }
    out.end();
    long written = dump.receipt().requireComplete().written();
    List<Map<String, String>> rows = new ArrayList<>();
    for (String line : text.toString().lines().toList()) {
      String[] cells = line.split("\t", -1);
      Map<String, String> row = new LinkedHashMap<>();
      for (Column column : query.plan().columns()) {
        row.put(column.label(), cells[row.size()]);
      }
      rows.add(row);
    }
    assertThat(rows).hasSize((int) written);
    return rows;
  }
}
