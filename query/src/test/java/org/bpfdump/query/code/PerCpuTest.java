// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Memory of each CPU, on the running kernel. */
@RequiresKernel
class PerCpuTest {
  private static LiveKernel kernel;

  @BeforeAll
  static void open() {
    kernel = LiveKernel.open();
  }

  @AfterAll
  static void close() {
    kernel.close();
  }

  /** How many CPUs there can be. */
  private static int cpus() throws IOException {
    String possible = Files.readString(Path.of("/sys/devices/system/cpu/possible")).strip();
    return Integer.parseInt(possible.replaceFirst(".*-", "")) + 1;
  }

  @Test
  void theCountersOfAllCpusAddUpToWhatProcSays() throws Exception {
    Process child = new ProcessBuilder("sleep", "60").start();
    try {
      Path status = Path.of("/proc/" + child.pid() + "/status");
      while (!Files.readString(status).contains("State:\tS")) {
        Thread.sleep(5);
      }
      StringBuilder columns = new StringBuilder("mm.rss_stat[1].count");
      for (int cpu = 0; cpu < cpus(); cpu++) {
        columns.append(", c").append(cpu);
        columns.append(" = *percpu(mm.rss_stat[1].counters, ").append(cpu).append(')');
      }
      List<Object> row =
          Queries.rows(kernel, "task: " + columns + " where pid == " + child.pid()).getFirst();
      long pages = 0;
      for (Object number : row) {
        pages += (Long) number;
      }
      String anonymous =
          Files.readString(status)
              .lines()
              .filter(l -> l.startsWith("RssAnon:"))
              .findFirst()
              .orElseThrow();
      assertThat(row.subList(1, row.size())).as("of each CPU").isNotEmpty().doesNotContainNull();
      assertThat(pages * 4).isEqualTo(Long.parseLong(anonymous.replaceAll("[^0-9]", "")));
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  @Test
  void thereIsNothingOfACpuThatIsNotThere() {
    List<Object> row =
        Queries.rows(
                kernel,
                "task: *percpu(mm.rss_stat[0].counters, 100000), *percpu(mm.rss_stat[0].counters,"
                    + " -1), *percpu(mm.rss_stat[0].counters, prio - prio) where pid == "
                    + ProcessHandle.current().pid())
            .getFirst();
    assertThat(row.subList(0, 2)).containsOnlyNulls();
    assertThat(row.get(2)).isNotNull();
    assertThat(
            Queries.rows(kernel, "task: *percpu(mm.rss_stat[0].counters, 0) where pid == 2")
                .getFirst())
        .as("of a kernel thread")
        .containsOnlyNulls();
  }
}
