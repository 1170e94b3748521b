// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.error.VerifierException;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;

/** Queries that are too much for one program say what of them is. */
@RequiresKernel
class TooLargeTest {
  @Test
  void whatJumpsDoNotReachNamesTheColumnsThatHaveMost() {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < 1500; i++) {
      columns.add("c" + i + " = mm.total_vm");
    }
    columns.add(700, "much = comm == group_leader.comm && comm == real_parent.comm");
    Query query = Query.of("task", columns);
    try (LiveKernel kernel = LiveKernel.open()) {
      assertThatThrownBy(() -> LoadedQuery.text(query, TextFormat.TABLE, kernel, spec -> spec))
          .isInstanceOf(UnsupportedException.class)
          .hasMessageMatching(
              "the query makes a program of [0-9]+ instructions, in which jumps do not reach far"
                  + " enough \\(32767\\); most have column mm.total_vm \\([0-9]+\\), column comm =="
                  + " group_leader.comm && comm == real_parent.comm \\([0-9]+\\): ask for fewer"
                  + " columns at a time");
    }
  }

  @Test
  void whatTheVerifierGivesUpNamesTheColumnsThatHaveMost() {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      columns.add("c" + i + " = path(file.f_path) *= \"name " + i % 10 + "\"");
    }
    Query query = Query.of("task/file", columns);
    try (LiveKernel kernel = LiveKernel.open()) {
      assertThatThrownBy(() -> query.load(kernel, new Parameter.None()))
          .isInstanceOf(VerifierException.class)
          .hasMessageStartingWith("the query makes a program that is not followed to its end")
          .hasMessageContaining("most have column path(file.f_path) *= ")
          .hasMessageEndingWith(": ask for fewer columns at a time, or for shorter texts");
    }
  }

  @Test
  void tooManySearchesAreTooManyMaps() {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      columns.add("path(file.f_path) *= \"name " + i + "\"");
    }
    Query query = Query.of("task/file", columns);
    try (LiveKernel kernel = LiveKernel.open()) {
      assertThatThrownBy(() -> query.load(kernel, new Parameter.None()))
          .isInstanceOf(VerifierException.class)
          .hasMessageContaining("more maps than this kernel lets one have (64)");
    }
  }
}
