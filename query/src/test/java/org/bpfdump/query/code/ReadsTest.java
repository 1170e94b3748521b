// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;

/** Memory that is reached by casts, positions and arithmetic is the memory that is meant. */
@RequiresKernel
class ReadsTest {
  private static final long SELF = ProcessHandle.current().pid();

  @Test
  void allWaysToAFieldGiveTheSame() {
    try (LiveKernel kernel = LiveKernel.open()) {
      List<Object> row =
          Run.rows(
                  kernel,
                  Queries.plan(
                      kernel,
                      "task: tgid, a = ((struct task_struct *)group_leader).tgid,"
                          + " b = comm[1], c = comm[pid - pid + 1], d = (u64)mm & 0xff,"
                          + " e = mm, f = group_leader == task, g = comm[pid - pid + 16]",
                      true),
                  new Parameter.Tid((int) SELF))
              .getFirst();
      assertThat(row.get(1)).isEqualTo(row.get(0)).isEqualTo(SELF);
      assertThat(row.get(3)).isEqualTo(row.get(2));
      assertThat(row.get(4)).isEqualTo((Long) row.get(5) & 0xff);
      assertThat(row.get(6)).isEqualTo(1L);
      assertThat(row.get(7)).isNull();
    }
  }

  @Test
  void everySymbolOnceAndTheLastNotTwice() throws IOException {
    try (LiveKernel kernel = LiveKernel.open()) {
      List<List<Object>> rows =
          Queries.rows(kernel, "ksym: pos, (u64)value where module_name[0] != 0");
      Set<List<Object>> different = new HashSet<>(rows);
      assertThat(different).hasSameSizeAs(rows);
      long modules;
      try (var lines = Files.lines(Path.of("/proc/kallsyms"))) {
        modules = lines.filter(line -> line.endsWith("]")).count();
      }
      // Programs come and go between the two; the program itself is one of them.
      assertThat((long) rows.size()).isBetween(modules - 50, modules + 50);
    }
  }
}
