// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.dumpers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;

/** {@code task} writes every thread that {@code /proc} has. */
@RequiresKernel
class TaskTest {
  private static final String HEADING = "    tgid      gid";
  private static final int ATTEMPTS = 20;
  private static final int SELF = (int) ProcessHandle.current().pid();

  private static String row(int process, int thread) {
    return "%8d %8d".formatted(process, thread);
  }

  private static List<String> rows(Parameter parameter) throws IOException {
    try (Example example = Example.load("task", parameter)) {
      return example.rows(HEADING);
    }
  }

  /** The rows that /proc would give, of the processes that the kernel lets us look into. */
  private static Set<String> proc() throws IOException {
    Set<String> rows = new HashSet<>();
    for (int process : numbers(Path.of("/proc"))) {
      if (isWithheld(process)) {
        continue;
      }
      for (int thread : numbers(Path.of("/proc/" + process + "/task"))) {
        rows.add(row(process, thread));
      }
    }
    return rows;
  }

  /** Whether a kernel that is hardened keeps a process from root; it keeps it from BPF, too. */
  private static boolean isWithheld(int process) {
    try {
      Files.readSymbolicLink(Path.of("/proc/" + process + "/ns/pid"));
      return false;
    } catch (AccessDeniedException e) {
      return true;
    } catch (IOException e) {
      return false; // it is ending
    }
  }

  private static List<Integer> numbers(Path directory) throws IOException {
    List<Integer> numbers = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "[0-9]*")) {
      for (Path entry : entries) {
        numbers.add(Integer.valueOf(entry.getFileName().toString()));
      }
    } catch (IOException | DirectoryIteratorException e) {
      if (Files.exists(directory)) {
        throw e;
      } // else it has ended
    }
    return numbers;
  }

  @Test
  void everyTaskOfProcIsThere() throws IOException {
    try (Example example = Example.load("task")) {
      for (int attempt = 1; ; attempt++) {
        Set<String> before = proc();
        List<String> rows = example.rows(HEADING);
        Set<String> after = proc();

        assertThat(rows).contains(row(SELF, SELF)).doesNotHaveDuplicates();
        Set<String> stayed = new HashSet<>(before);
        stayed.retainAll(after);
        assertThat(rows).containsAll(stayed);
        Set<String> unknown = new HashSet<>(rows);
        unknown.removeAll(before);
        unknown.removeAll(after);
        if (unknown.isEmpty()) {
          return;
        }
        // one that lived for less than this
        assertThat(attempt).as("attempts; the last saw " + unknown).isLessThan(ATTEMPTS);
      }
    }
  }

  @Test
  void aThreadIsThereFromItsStartToItsEnd() throws IOException {
    int tid;
    try (Sleeper sleeper = new Sleeper()) {
      tid = sleeper.tid();
      assertThat(tid).isNotEqualTo(SELF);
      assertThat(rows(new Parameter.None())).containsOnlyOnce(row(SELF, tid));
    }
    assertThat(rows(new Parameter.None())).isNotEmpty().doesNotContain(row(SELF, tid));
  }

  @Test
  void aChildIsThere() throws IOException {
    try (Child child = Child.start("exec cat")) {
      assertThat(rows(new Parameter.None())).containsOnlyOnce(row(child.pid(), child.pid()));
    }
  }

  @Test
  void aThreadAlone() throws IOException {
    try (Sleeper sleeper = new Sleeper()) {
      assertThat(rows(new Parameter.Tid(sleeper.tid()))).containsExactly(row(SELF, sleeper.tid()));
    }
  }

  @Test
  void aProcessIsAllItsThreads() throws IOException {
    try (Sleeper one = new Sleeper();
        Sleeper two = new Sleeper()) {
      assertThat(rows(new Parameter.Pid(SELF)))
          .contains(row(SELF, SELF), row(SELF, one.tid()), row(SELF, two.tid()))
          .allMatch(r -> r.startsWith("%8d ".formatted(SELF)));
    }
  }

  @Test
  void aProcessWithoutThreadsIsItself() throws IOException {
    try (Child child = Child.start("exec cat")) {
      assertThat(rows(new Parameter.Pid(child.pid())))
          .containsExactly(row(child.pid(), child.pid()));
    }
  }
}
