// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.query.plan.Plan;
import org.bpfdump.query.row.Collected;
import org.bpfdump.query.row.RowReader;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Targets that can be read for one buffer of the kernel only deliver through a map. */
@RequiresKernel
class CollectedTest {
  private static final int GROUPS = 6;

  private static ByteBuffer pass(Dumper dumper) {
    assertThat(Run.bytes(dumper)).isEmpty();
    return ByteBuffer.wrap(dumper.mapValue(Collected.MAP)).order(ByteOrder.nativeOrder());
  }

  @Test
  void cgroupsAreInTheMapAndACopyOfThePassIsNotAddedToTheLast() {
    try (LiveKernel kernel = LiveKernel.open()) {
      Plan plan = Queries.plan(kernel, "cgroup: cgroup.kn.id, str(cgroup.kn.name), cgroup.level");
      Compiled compiled = Generator.compile(plan, kernel.btf());
      try (Dumper dumper = Run.load(kernel, compiled, new Parameter.None())) {
        pass(dumper);
        ByteBuffer value = pass(dumper);
        assertThat(value.getLong(Collected.MISSED)).isZero();
        List<Long> levels = levels(plan, compiled, value);
        assertThat(levels).first().isEqualTo(0L);
        assertThat(value.getLong(Collected.ROWS)).isEqualTo(levels.size());
        assertThat(value.getLong(Collected.VISITED)).isEqualTo(levels.size());
      }
    }
  }

  @Test
  void rowsThatDoNotFitAreCountedAndFitALargerMap(@TempDir Path directory) throws IOException {
    Exec.of("mount", "-t", "cgroup2", "none", directory.toString()).run().ok();
    try {
      for (int i = 0; i < GROUPS; i++) {
        Files.createDirectory(directory.resolve("bpfdump-test-" + i));
      }
      rowsThatDoNotFit();
    } finally {
      for (int i = 0; i < GROUPS; i++) {
        Files.deleteIfExists(directory.resolve("bpfdump-test-" + i));
      }
      Exec.of("umount", directory.toString()).run().ok();
    }
  }

  private static void rowsThatDoNotFit() {
    try (LiveKernel kernel = LiveKernel.open()) {
      Plan plan = Queries.plan(kernel, "cgroup: cgroup.level");
      Compiled small = Generator.compile(plan, kernel.btf()).with(4200, kernel.btf());
      long missed;
      long rows;
      try (Dumper dumper = Run.load(kernel, small, new Parameter.None())) {
        ByteBuffer value = pass(dumper);
        missed = value.getLong(Collected.MISSED);
        assertThat(missed).isPositive();
        rows = value.getLong(Collected.ROWS);
      }
      try (Dumper dumper =
          Run.load(kernel, small.with(1 << 20, kernel.btf()), new Parameter.None())) {
        ByteBuffer value = pass(dumper);
        assertThat(value.getLong(Collected.MISSED)).isZero();
        assertThat(value.getLong(Collected.ROWS)).isEqualTo(rows + missed);
      }
    }
  }

  private static List<Long> levels(Plan plan, Compiled compiled, ByteBuffer value) {
    int used = (int) value.getLong(Collected.USED);
    byte[] rows = new byte[used];
    value.get(Collected.ROWS_AT, rows);
    int[] at = {0};
    RowReader reader =
        new RowReader(
            into -> {
              int n = (int) Math.min(into.byteSize(), used - at[0]);
              MemorySegment.copy(MemorySegment.ofArray(rows), at[0], into, 0, n);
              at[0] += n;
              return n;
            },
            plan.columns(),
            compiled.layout(),
            ByteOrder.nativeOrder());
    List<Long> levels = new ArrayList<>();
    while (reader.next()) {
      levels.add(reader.number(2));
    }
    return levels;
  }
}
