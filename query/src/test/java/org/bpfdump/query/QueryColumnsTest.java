// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.query.columns.UsualColumns;
import org.bpfdump.query.plan.Column;
import org.bpfdump.query.syntax.QueryText;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;

/** A query that names no columns has the usual ones. */
@RequiresKernel
class QueryColumnsTest {
  @Test
  void ofItsTarget() {
    try (LiveKernel kernel = LiveKernel.open()) {
      List<String> usual =
          UsualColumns.of(System.getenv()).of(kernel.target("task/vma")).query().columns().stream()
              .map(QueryText.Column::label)
              .toList();
      for (Query query :
          List.of(Query.of("task/vma", List.of()), Query.parse("task/vma where task.pid == 1"))) {
        try (LoadedQuery loaded = query.load(kernel)) {
          assertThat(loaded.plan().columns()).extracting(Column::label).isEqualTo(usual);
        }
      }
    }
  }
}
