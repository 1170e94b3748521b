// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bpfdump.testkit.OwnPidNamespace;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;

/** Queries of the tasks of one pid namespace. */
@RequiresKernel
class DumpNamespacesTest {
  /** Lines of a dump that is complete. */
  private static List<String> dump(String... words) {
    List<String> all = new ArrayList<>(List.of("dump"));
    all.addAll(List.of(words));
    all.addAll(List.of("--no-header", "--format=tsv"));
    Cli done = Cli.run(all.toArray(new String[0]));
    assertThat(done).returns("", Cli::err).returns(0, Cli::status);
    return done.out().lines().toList();
  }

  private static Set<Integer> numbers(List<String> lines) {
    Set<Integer> numbers = new TreeSet<>();
    lines.forEach(line -> numbers.add(Integer.parseInt(line)));
    return numbers;
  }

  @Test
  void tasksAndFilesAreThoseOfThePidNamespace() {
    try (OwnPidNamespace namespace = new OwnPidNamespace();
        OwnPidNamespace inner = new OwnPidNamespace(namespace)) {
      String id = Integer.toString(namespace.first());
      Set<Integer> below = inner.processes();
      Set<Integer> known = namespace.processes();
      Set<Integer> all = new TreeSet<>(known);
      all.addAll(below);
      assertThat(known).hasSizeGreaterThan(2).doesNotContainAnyElementsOf(below);

      // A namespace has the tasks of those below it too.
      Set<Integer> tasks = numbers(dump("task", "tgid", "--pidns", id));
      assertThat(tasks).containsAll(all);
      assertThat(numbers(dump("task", "tgid", "--pidns", inner.path().toString())))
          .isEqualTo(below);
      assertThat(numbers(dump("task/file", "task.tgid", "--pidns", inner.path().toString())))
          .isEqualTo(below);
      assertThat(numbers(dump("task", "tgid", "--pidns", id, "--pid", "1")))
          .containsExactly(namespace.first());
      assertThat(dump("task", "tgid", "--pidns", id, "--all-netns"))
          .anyMatch(line -> line.matches("\\S+\t" + id));
      assertThat(dump("task", "tgid, thread_pid.level", "--pidns", id, "--where", "tgid == " + id))
          .hasSize(1)
          .allMatch(line -> line.startsWith(id + "\t"));
    }
  }
}
