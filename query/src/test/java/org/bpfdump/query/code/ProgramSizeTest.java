// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.query.plan.Plan;
import org.bpfdump.testkit.Exec;
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

  /** What the verifier has followed, as bpftool knows it of a program that is loaded. */
  private static int verified(String query) {
    Plan plan = Queries.plan(kernel, query);
    Compiled compiled = Generator.compile(plan, kernel.btf());
    try (Dumper dumper = Run.load(kernel, compiled, new Parameter.None())) {
      int id = ((org.bpfdump.live.LiveDumper) dumper).programId();
      String text = Exec.of("bpftool", "-j", "prog", "show", "id", "" + id).run().ok().out();
      int at = text.indexOf("\"verified_insns\":");
      int verified = at < 0 ? -1 : Integer.parseInt(text.substring(at + 17).split("[,}]")[0]);
      System.out.println(
          query.length()
              + " characters, "
              + compiled.spec().code().size()
              + " slots, "
              + verified
              + " followed");
      return verified;
    }
  }

  @Test
  void twoHundredColumnsThatCanAllBeNull() {
    List<String> columns = new ArrayList<>();
    String[] fields = {
      "mm.total_vm",
      "mm.hiwater_rss",
      "mm.map_count",
      "mm.start_code",
      "mm.owner",
      "cred.uid",
      "mm.exe_file.f_flags",
      "(u64)mm.map_count",
      "files.fdt.max_fds",
      "signal.nr_threads + mm.map_count",
    };
    for (int i = 0; i < 200; i++) {
      columns.add("c" + i + " = " + fields[i % fields.length]);
    }
    assertThat(verified("task: " + String.join(", ", columns))).isLessThan(FAR_BELOW);
  }

  @Test
  void longTexts() {
    assertThat(
            verified(
                "task/file: path(file.f_path), comm = task.comm, fd where path(file.f_path) *="
                    + " \"/memfd\" && task.comm *= \"ja\" || str(file.f_path.dentry.d_name.name) *= \"x\""))
        .isLessThan(FAR_BELOW);
  }
}
