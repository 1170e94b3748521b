// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.dumpers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.testkit.NativeCall;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code task_file} writes every open file of every process. */
@RequiresKernel
class TaskFileTest {
  private static final String HEADING = "    tgid      gid       fd      file";
  private static final int SELF = (int) ProcessHandle.current().pid();

  @TempDir private Path dir;
  private Child child;

  /** One with two pipes, two regular files and three times the null device. */
  @BeforeEach
  void startChild() throws IOException {
    String script =
        "exec 2</dev/null 3</dev/null 700>/dev/null 5>%s/a 6>%s/b; exec cat".formatted(dir, dir);
    child = Child.start(script);
  }

  @AfterEach
  void endChild() {
    child.close();
  }

  private record Row(int process, int thread, int fd, String operations) {
    static Row of(String line) {
      String[] columns = line.strip().split(" +");
      Row row =
          new Row(
              Integer.parseInt(columns[0]),
              Integer.parseInt(columns[1]),
              Integer.parseInt(columns[2]),
              columns[3]);
      assertThat(line)
          .isEqualTo("%8d %8d %8d %s".formatted(row.process, row.thread, row.fd, row.operations));
      return row;
    }
  }

  private static List<Row> rows(Parameter parameter) throws IOException {
    try (Example example = Example.load("task_file", parameter)) {
      return example.rows(HEADING).stream().map(Row::of).toList();
    }
  }

  /** The file operations of each descriptor of the child. */
  private Map<Integer, String> ofChild(Parameter parameter) throws IOException {
    Map<Integer, String> operations = new TreeMap<>();
    for (Row row : rows(parameter)) {
      if (row.process == child.pid()) {
        assertThat(row.thread).isEqualTo(child.pid());
        assertThat(operations.put(row.fd, row.operations)).as("descriptor shown before").isNull();
      }
    }
    return operations;
  }

  @Test
  void aChildHasTheDescriptorsItWasGiven() throws IOException {
    assertThat(ofChild(new Parameter.None())).containsOnlyKeys(0, 1, 2, 3, 5, 6, 700);
  }

  @Test
  void filesOfOneKindShareTheirOperations() throws IOException {
    Map<Integer, String> file = ofChild(new Parameter.None());
    assertThat(file.get(0)).as("pipes").isEqualTo(file.get(1)).matches("[0-9a-f]{8,16}");
    assertThat(file.get(2)).as("the null device").isEqualTo(file.get(3)).isEqualTo(file.get(700));
    assertThat(file.get(5)).as("regular files").isEqualTo(file.get(6));
    assertThat(List.of(file.get(0), file.get(2), file.get(5))).doesNotHaveDuplicates();
  }

  @Test
  void aProcessAlone() throws IOException {
    Parameter parameter = new Parameter.Pid(child.pid());
    assertThat(ofChild(parameter)).containsOnlyKeys(0, 1, 2, 3, 5, 6, 700);
    assertThat(rows(parameter)).allMatch(r -> r.process == child.pid());
  }

  @Test
  void aThreadAlone() throws IOException {
    int event = NativeCall.call("eventfd", 0, 0);
    try (Sleeper sleeper = new Sleeper()) {
      int tid = sleeper.tid();
      assertThat(rows(new Parameter.Tid(tid)))
          .anyMatch(r -> r.fd == event)
          .allMatch(r -> r.process == SELF && r.thread == tid);
    } finally {
      NativeCall.call("close", event);
    }
  }

  @Test
  void aTableThatThreadsShareIsShownOnce() throws IOException {
    int event = NativeCall.call("eventfd", 0, 0);
    try (Sleeper sleeper = new Sleeper()) {
      assertThat(sleeper.tid()).isNotEqualTo(SELF);
      assertThat(rows(new Parameter.None()))
          .filteredOn(r -> r.process == SELF && r.fd == event)
          .singleElement()
          .matches(r -> r.thread == SELF);
    } finally {
      NativeCall.call("close", event);
    }
  }

  @Test
  void aClosedDescriptorIsGone() throws IOException {
    int event = NativeCall.call("eventfd", 0, 0);
    NativeCall.call("dup2", event, 900);
    NativeCall.call("close", event);
    assertThat(rows(new Parameter.Pid(SELF))).anyMatch(r -> r.fd == 900);
    NativeCall.call("close", 900);
    assertThat(rows(new Parameter.Pid(SELF))).isNotEmpty().noneMatch(r -> r.fd == 900);
  }
}
