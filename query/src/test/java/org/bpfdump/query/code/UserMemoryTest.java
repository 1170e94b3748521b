// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;

/** What cannot be read is NULL, wherever it is asked for. */
@RequiresKernel
class UserMemoryTest {
  @Test
  void memoryOfProcessesIsNoMemoryOfTheKernel() {
    try (LiveKernel kernel = LiveKernel.open()) {
      List<Object> row =
          Queries.rows(
                  kernel,
                  "task: mm.arg_start > 4096, *(char *)mm.arg_start, *(u64 *)mm.arg_start,"
                      + " *(u64 *)mm.arg_start + 1, str((char *)mm.arg_start),"
                      + " str((char *)mm.arg_start, 16), str((char *)mm.arg_start, 300) == \"x\","
                      + " *(u64 *)mm.arg_start == 0, *(u64 *)mm.arg_start ? 1 : 2"
                      + " where pid == "
                      + ProcessHandle.current().pid())
              .getFirst();
      assertThat(row.getFirst()).isEqualTo(1L);
      for (int i = 1; i < row.size(); i++) {
        assertThat(row.get(i)).as("column " + i).isNull();
      }
      assertThat(
              Queries.rows(
                  kernel,
                  "task: pid where pid == "
                      + ProcessHandle.current().pid()
                      + " && (*(u64 *)mm.arg_start == 0 || *(u64 *)mm.arg_start != 0)"))
          .isEmpty();
    }
  }
}
