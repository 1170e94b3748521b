// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What C does not say: NULL in conditions, undefined arithmetic; and texts. */
@RequiresKernel
class SemanticsTest {
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

  /** One row, of this process. */
  private static List<Object> self(String columns) {
    return Run.rows(
            kernel, Queries.plan(kernel, "task: " + columns, true), new Parameter.Tid((int) SELF))
        .getFirst();
  }

  /** Of threads of the kernel the memory is NULL: conditions of it are 0, 1 and NULL. */
  private static final String[] LEAVES = {
    "mm.map_count > 0", "mm.map_count < 0", "tgid == pid", "tgid & 1", "mm.owner.tgid == tgid",
  };

  private sealed interface Formula {
    record Leaf(int index) implements Formula {}

    record Not(Formula of) implements Formula {}

    record Both(Formula left, Formula right) implements Formula {}

    record Either(Formula left, Formula right) implements Formula {}

    static Formula random(Random random, int depth) {
      if (depth == 0) {
        return new Leaf(random.nextInt(LEAVES.length));
      }
      return switch (random.nextInt(5)) {
        case 0 -> new Not(random(random, depth - 1));
        case 1, 2 -> new Both(random(random, depth - 1), random(random, depth - 1));
        default -> new Either(random(random, depth - 1), random(random, depth - 1));
      };
    }

    default String text() {
      return switch (this) {
        case Leaf(int index) -> "(" + LEAVES[index] + ")";
        case Not(Formula of) -> "!" + of.text();
        case Both(Formula left, Formula right) -> "(" + left.text() + " && " + right.text() + ")";
        case Either(Formula left, Formula right) -> "(" + left.text() + " || " + right.text() + ")";
      };
    }

    /** By Kleene's tables, on cells where null is NULL. */
    default Boolean value(List<Object> leaves) {
      return switch (this) {
        case Leaf(int index) -> leaves.get(index) == null ? null : (Long) leaves.get(index) != 0;
        case Not(Formula of) -> of.value(leaves) == null ? null : !of.value(leaves);
        case Both(Formula left, Formula right) -> {
          Boolean a = left.value(leaves);
          Boolean b = right.value(leaves);
          if (Boolean.FALSE.equals(a) || Boolean.FALSE.equals(b)) {
            yield Boolean.FALSE;
          }
          boolean open = a == null || b == null;
          yield open ? null : Boolean.TRUE;
        }
        case Either(Formula left, Formula right) ->
            new Not(new Both(new Not(left), new Not(right))).value(leaves);
      };
    }
  }

  @Test
  void conditionsHaveThreeValues() {
    long seed = Long.getLong("bpfdump.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<Formula> formulas = new ArrayList<>();
    List<String> columns = new ArrayList<>(List.of(LEAVES));
    for (int i = 0; i < 60; i++) {
      formulas.add(Formula.random(random, 1 + random.nextInt(4)));
      columns.add(formulas.getLast().text());
    }
    columns.replaceAll(text -> "(int)(" + text + ")");
    List<List<Object>> rows =
        Run.rows(kernel, Queries.plan(kernel, "task: " + String.join(", ", columns), true));
    assertThat(rows).anyMatch(row -> row.get(0) == null).anyMatch(row -> row.get(0) != null);
    for (List<Object> row : rows) {
      for (int i = 0; i < formulas.size(); i++) {
        Boolean expected = formulas.get(i).value(row);
        assertThat(row.get(LEAVES.length + i))
            .as("seed %d, %s of %s", seed, formulas.get(i).text(), row)
            .isEqualTo(expected == null ? null : expected ? 1L : 0L);
      }
    }
  }

  @Test
  void anObjectMatchesWhenItsConditionIsTrueAndNotNull() {
    Random random = new Random(7);
    for (int i = 0; i < 8; i++) {
      String condition = Formula.random(random, 3).text();
      Map<Object, Object> values = values(condition);
      List<Object> matched = new ArrayList<>();
      Queries.rows(kernel, "task: pid where " + condition).forEach(row -> matched.add(row.get(0)));
      // Processes come and go: those that stay are asked about.
      values.entrySet().retainAll(values(condition).entrySet());
      assertThat(values).isNotEmpty();
      values.forEach((pid, value) -> {
        if (Long.valueOf(1).equals(value)) {
          assertThat(matched).as(condition).contains(pid);
        } else {
          assertThat(matched).as(condition).doesNotContain(pid);
        }
      });
    }
  }

  private static Map<Object, Object> values(String condition) {
    Map<Object, Object> values = new HashMap<>();
    Queries.rows(kernel, "task: pid, (int)(" + condition + ")")
        .forEach(row -> values.put(row.get(0), row.get(1)));
    return values;
  }

  @Test
  void signedDivisionIsAsInJava() {
    long[] numbers = {0, 1, -1, 7, -7, 100, -100, Integer.MAX_VALUE, Integer.MIN_VALUE + 1};
    List<String> columns = new ArrayList<>();
    List<Object> expected = new ArrayList<>();
    for (long a : numbers) {
      for (long b : numbers) {
        // The number of the process is only known when the program runs.
        String left = "((int)(tgid - tgid) + (" + a + "))";
        String right = "((int)(tgid - tgid) + (" + b + "))";
        columns.add("c" + columns.size() + " = " + left + " / " + right);
        expected.add(b == 0 ? null : a / b);
        columns.add("c" + columns.size() + " = (long)" + left + " % (long)" + right);
        expected.add(b == 0 ? null : a % b);
      }
    }
    assertThat(self(String.join(", ", columns))).isEqualTo(expected);
  }

  @Test
  void shiftsBeyondTheWidthAreNull() {
    assertThat(
            self(
                "a = 1 << (pid - pid + 31), b = 1 << (pid - pid + 32), c = 1l << (pid - pid + 63),"
                    + " d = 1l << (pid - pid + 64), e = 1 << (pid - pid - 1), f = 1u >> (pid - pid)"))
        .containsExactly((long) Integer.MIN_VALUE, null, Long.MIN_VALUE, null, null, 1L);
  }

  @Test
  void aConstantConditionLeavesNoCodeThatIsNeverReached() {
    assertThat(
            Queries.rows(kernel, "task: pid, str(mm.exe_file.f_path.dentry.d_name.name) where 0"))
        .isEmpty();
    assertThat(Queries.rows(kernel, "task: pid where 1 || mm.map_count")).isNotEmpty();
  }

  @Test
  void deepExpressionsGoThroughTheStack() {
    StringBuilder text = new StringBuilder("tgid");
    StringBuilder right = new StringBuilder("(u64)pid");
    for (int i = 0; i < 25; i++) {
      text.insert(0, "(tgid ^ ").append(")");
      right.insert(0, "(since(start_time) * 0 + ").append(")");
    }
    assertThat(self("a = " + text + ", b = " + right)).containsExactly(0L ^ fold(), SELF);
  }

  private static long fold() {
    long value = SELF;
    for (int i = 0; i < 25; i++) {
      value ^= SELF;
    }
    return value;
  }

  @Test
  void textsAreComparedSearchedAndDelivered() {
    String comm = self("comm").getFirst() instanceof String s ? s : "";
    assertThat(comm).isNotEmpty();
    String path = "str(mm.exe_file.f_path.dentry.d_name.name)";
    String quoted = "\"" + comm + "\"";
    assertThat(
            self(
                "comm == "
                    + quoted
                    + ", comm == \""
                    + comm.substring(1)
                    + "\", comm ^= \""
                    + comm.charAt(0)
                    + "\", comm *= \""
                    + comm.substring(1)
                    + "\", comm *= \"~\", "
                    + path
                    + ", "
                    + path
                    + " == \"java\", "
                    + path
                    + " ^= \"ja\", "
                    + path
                    + " *= \"av\", "
                    + path
                    + " *= \"aav\", path(mm.exe_file.f_path) *= \"bin/ja\","
                    + " path(mm.exe_file.f_path) ^= \"/\", path(mm.exe_file.f_path) == \"/\""))
        .containsExactly(1L, 0L, 1L, 1L, 0L, "java", 1L, 1L, 1L, 0L, 1L, 1L, 0L);
  }
}
