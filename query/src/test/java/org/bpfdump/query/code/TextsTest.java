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

/** Texts that are chosen, and compared with each other, on the running kernel. */
@RequiresKernel
class TextsTest {
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

  private static List<Object> self(String columns) {
    List<List<Object>> rows = Queries.rows(kernel, "task: " + columns + " where pid == " + SELF);
    assertThat(rows).hasSize(1);
    return rows.getFirst();
  }

  private static List<Object> kthreadd(String columns) {
    return Queries.rows(kernel, "task: " + columns + " where pid == 2").getFirst();
  }

  @Test
  void oneOfTwoTextsIsChosen() throws IOException {
    String comm = Files.readString(Path.of("/proc/self/comm")).strip();
    assertThat(
            self(
                "a = pid > 0 ? comm : \"none\", b = pid > 0 ? \"some\" : comm,"
                    + " c = mm == 0 ? \"kernel\" : mm.map_count > 100000 ? \"many\" : \"few\","
                    + " d = pid == 1 ? \"init\" : str(mm.binfmt.module.name)"))
        .startsWith(comm, "some", "few");
    assertThat(self("a = pid == 2 ? path(mm.exe_file.f_path) : \"other\""))
        .containsExactly("other");
    assertThat(self("a = pid == " + SELF + " ? path(mm.exe_file.f_path) : \"other\""))
        .containsExactly(Path.of("/proc/self/exe").toRealPath().toString());
  }

  @Test
  void aChoiceIsNullWhereItsConditionOrItsSideIs() {
    assertThat(kthreadd("a = mm.map_count > 3 ? \"yes\" : \"no\"")).containsExactly((Object) null);
    assertThat(kthreadd("a = pid == 2 ? path(mm.exe_file.f_path) : \"x\""))
        .containsExactly((Object) null);
    assertThat(kthreadd("a = pid == 2 ? NULL : comm, b = pid == 3 ? NULL : comm"))
        .containsExactly(null, "kthreadd");
  }

  @Test
  void whatIsChosenCanBeCompared() {
    assertThat(
            self(
                "a = (pid == 1 ? \"x\" : \"long one\") == \"long one\","
                    + " b = (pid == 1 ? comm : \"prefix and more\") ^= \"prefix\","
                    + " c = (pid == 1 ? comm : \"in the middle\") *= \"the\","
                    + " d = (pid == 1 ? \"x\" : \"y\") != \"y\""))
        .containsExactly(1L, 1L, 1L, 0L);
  }

  @Test
  void textsAreComparedUpToTheirEnd() {
    assertThat(
            self(
                "a = comm == comm, b = comm != comm, c = comm == group_leader.comm,"
                    + " d = comm == real_parent.real_parent.real_parent.comm,"
                    + " e = str(&comm[0]) == comm, f = str(&comm[1]) == comm"))
        .contains(1L, 0L, 1L)
        .element(4)
        .isEqualTo(1L);
    assertThat(self("f = str(&comm[1]) == comm, g = str(&comm[0], 3) == comm"))
        .containsExactly(0L, 0L);
  }

  @Test
  void comparedTextsSelectWhatIsTheSame() throws IOException {
    List<List<Object>> same =
        Queries.rows(kernel, "task: pid, comm, group_leader.comm where comm == group_leader.comm");
    assertThat(same).isNotEmpty().allSatisfy(r -> assertThat(r.get(1)).isEqualTo(r.get(2)));
    List<List<Object>> other =
        Queries.rows(kernel, "task: pid, comm, group_leader.comm where comm != group_leader.comm");
    assertThat(other).isNotEmpty(); // the JVM's threads have names
    for (List<Object> row : other) {
      // A thread that renames itself at that moment would be another thing.
      assertThat(row.get(1)).isNotEqualTo(row.get(2));
    }
  }

  @Test
  void aComparisonWithNullIsNull() {
    assertThat(kthreadd("a = comm == mm.owner.comm, b = comm != mm.owner.comm"))
        .containsExactly(null, null);
    assertThat(
            Queries.rows(
                kernel,
                "task: pid where pid == 2 && (comm == mm.owner.comm || !(comm == mm.owner.comm))"))
        .isEmpty();
  }

  @Test
  void aPathIsComparedWithAName() {
    List<List<Object>> rows =
        Queries.rows(
            kernel,
            "task/file: fd, x = path(file.f_path) == comm, y = path(file.f_path) == \"/dev/null\","
                + " path(file.f_path) where task.pid == "
                + SELF);
    assertThat(rows).isNotEmpty();
    for (List<Object> row : rows) {
      assertThat(row.get(1)).isEqualTo(0L);
      assertThat(row.get(2)).isEqualTo("/dev/null".equals(row.get(3)) ? 1L : 0L);
    }
    // No other column needs the map that the path is made in.
    assertThat(
            Queries.rows(
                kernel,
                "task/file: x = path(file.f_path) == str(file.f_path.dentry.d_name.name, 64)"
                    + " where task.pid == "
                    + SELF))
        .isNotEmpty();
  }

  @Test
  void manyChoicesAreNotFollowedInAllCombinations() {
    StringBuilder columns = new StringBuilder("pid");
    for (int i = 0; i < 20; i++) {
      columns.append(", c" + i + " = prio > " + i + " ? comm : \"n" + i + "\"");
      columns.append(", d" + i + " = comm == group_leader.comm");
    }
    assertThat(self(columns.toString())).hasSize(41);
  }

  @Test
  void aTextIsCutToALengthThatIsComputed() throws IOException {
    String comm = Files.readString(Path.of("/proc/self/comm")).strip();
    assertThat(
            self(
                "a = str(&comm[0], prio - prio + 2), b = str(&comm[0], prio - prio),"
                    + " c = str(&comm[0], prio - prio - 1), d = str(&comm[0], prio + 100000)"))
        .containsExactly(comm.substring(0, 2), "", null, comm);
  }

  @Test
  void aTextIsPutBeforeAnother() throws IOException {
    String comm = Files.readString(Path.of("/proc/self/comm")).strip();
    assertThat(
            self(
                "a = \"[\" + comm, b = \"the name \" + (pid == 1 ? \"x\" : comm),"
                    + " c = (\"k \" + comm) ^= \"k \""))
        .containsExactly("[" + comm, "the name " + comm, 1L);
    assertThat(kthreadd("a = \"x\" + mm.owner.comm")).containsExactly((Object) null);
  }

  @Test
  void aLongArrayIsSearchedInAColumn() throws IOException {
    String release = Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
    assertThat(
            self(
                "a = nsproxy.uts_ns.name.release *= \""
                    + release.substring(1, 3)
                    + "\", b = nsproxy.uts_ns.name.release == \""
                    + release
                    + '"'))
        .containsExactly(1L, 1L);
  }
}
