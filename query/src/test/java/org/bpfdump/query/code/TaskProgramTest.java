// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bpfdump.query.code.Plans.SPAN;
import static org.bpfdump.query.code.Plans.both;
import static org.bpfdump.query.code.Plans.compare;
import static org.bpfdump.query.code.Plans.constant;
import static org.bpfdump.query.code.Plans.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.query.plan.Place.Reach;
import org.bpfdump.query.plan.Plan;
import org.bpfdump.query.plan.Text;
import org.bpfdump.query.plan.Value;
import org.bpfdump.query.plan.Value.Compare.Relation;
import org.bpfdump.query.plan.Value.TextTest.Likeness;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Programs over processes and their files say what /proc says. */
@RequiresKernel
class TaskProgramTest {
  private static final long SELF = ProcessHandle.current().pid();

  private static LiveKernel kernel;

  @BeforeAll
  static void open() {
    kernel = LiveKernel.open();
  }

  @AfterAll
  static void close() {
    kernel.close();
  }

  private static Plans over(String target) {
    return new Plans(kernel.btf(), kernel.target(target));
  }

  private static Parameter self() {
    return new Parameter.Pid((int) SELF);
  }

  @Test
  void everyProcessHasItsNumberAndName() throws IOException {
    Plans plans = over("task");
    Value leader = compare(plans.load("task", "pid"), Relation.EQUAL, plans.load("task", "tgid"));
    Plan plan =
        plans
            .column("tgid", plans.load("task", "tgid"))
            .column("comm", plans.chars("task", "comm", Reach.DIRECT))
            .where(leader)
            .plan();
    Map<Long, Object> found = new HashMap<>();
    for (List<Object> row : Run.rows(kernel, plan)) {
      found.put((Long) row.get(0), row.get(1));
    }
    assertThat(found).containsEntry(SELF, Files.readString(Path.of("/proc/self/comm")).strip());
  }

  @Test
  void aNullPointerOnTheWayMakesTheCellNull() {
    Plans plans = over("task");
    Plan plan =
        plans
            .column("mm", plans.load("task", "mm"))
            .column("total", plans.load("task", "mm.total_vm"))
            .column("probed", plans.load(plans.argument("task"), "mm.total_vm", Reach.PROBE))
            .plan();
    List<List<Object>> rows = Run.rows(kernel, plan);
    assertThat(rows).anyMatch(row -> row.get(1) == null).anyMatch(row -> row.get(1) != null);
    for (List<Object> row : rows) {
      assertThat(row.get(1) == null).isEqualTo(row.get(0).equals(0L));
      assertThat(row.get(2) == null).isEqualTo(row.get(0).equals(0L));
    }
  }

  @Test
  void filesHaveTheirPaths() throws IOException {
    Plans plans = over("task_file");
    Plan plan =
        plans
            .column("fd", plans.argument("fd"))
            .column("path", new Text.PathOf(SPAN, plans.place("file", "f_path")))
            .column("flags", plans.load("file", "f_flags"))
            .where(
                both(
                    test(
                        Likeness.CONTAINS,
                        new Text.PathOf(SPAN, plans.place("file", "f_path")),
                        "/dev/n"),
                    compare(plans.load("task", "tgid"), Relation.EQUAL, constant(SELF))))
            .plan();
    try (var in = Files.newInputStream(Path.of("/dev/null"))) {
      assertThat(in.read()).isEqualTo(-1);
      List<List<Object>> rows = Run.rows(kernel, plan, self());
      assertThat(rows).isNotEmpty().allMatch(row -> row.get(1).equals("/dev/null"));
    }
  }
}
