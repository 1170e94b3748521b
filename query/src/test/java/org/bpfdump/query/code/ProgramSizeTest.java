// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Target;
import org.bpfdump.live.LiveDumper;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.query.plan.Plan;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Programs stay far below what the verifier is willing to follow (a million instructions). */
@RequiresKernel
class ProgramSizeTest {
  private static final int FAR_BELOW = 100_000;

  private static LiveKernel kernel;

  @BeforeAll
  static void open() {
    kernel = LiveKernel.open();
  }

  @AfterAll
  static void close() {
    kernel.close();
  }

  private static int followed(String query) {
    Plan plan = Queries.plan(kernel, query);
    Compiled compiled = Generator.compile(plan, kernel.btf());
    try (Dumper dumper = Run.load(kernel, compiled, new Parameter.None())) {
      return ((LiveDumper) dumper).verifiedInstructions();
    }
  }

  /** Each cell alone has two ways through it; all together must not have all combinations. */
  @Test
  void twoHundredColumnsThatCanAllBeNull() {
    String[] fields = {
      "mm.total_vm",
      "mm.hiwater_rss",
      "mm.map_count",
      "mm.start_code",
      "mm.owner",
      "cred.uid",
      "mm.exe_file.f_flags",
      "mm.exe_file.f_inode.i_ino",
      "(u64)mm.map_count",
      "files.fdt.max_fds",
      "signal.nr_threads + mm.map_count",
      "mm.map_count > 7 || mm.total_vm < 3",
    };
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      columns.add("c" + i + " = " + fields[i % fields.length]);
    }
    assertThat(followed("task: " + String.join(", ", columns))).isBetween(1, FAR_BELOW);
  }

  /** A search is followed byte by byte, some 30,000 instructions each. */
  @Test
  void searchesInLongTexts() {
    assertThat(
            followed(
                "task/file: path(file.f_path), comm = task.comm, fd"
                    + " where path(file.f_path) *= \"/memfd\" && task.comm *= \"ja\""
                    + " || str(file.f_path.dentry.d_name.name) *= \"x\""))
        .isBetween(1, 2 * FAR_BELOW);
  }

  @Test
  void theArgumentsOfEveryTarget() {
    for (Target target : kernel.targets()) {
      if (target.parameters().contains(Parameter.Kind.MAP)) {
        continue; // needs a map to walk
      }
      List<String> columns = new ArrayList<>();
      for (Target.Argument argument : target.arguments()) {
        columns.add(argument.name());
      }
      assertThat(followed(target.path() + ": " + String.join(", ", columns)))
          .as(target.path())
          .isBetween(1, FAR_BELOW);
    }
  }
}
