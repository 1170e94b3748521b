// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.dumpers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bpfdump.testkit.NativeSocket.AF_INET6;
import static org.bpfdump.testkit.NativeSocket.SOCK_STREAM;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.bpfdump.error.RequestException;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.live.Namespace;
import org.bpfdump.live.NetworkNamespace;
import org.bpfdump.live.PidNamespace;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.NativeSocket;
import org.bpfdump.testkit.OwnPidNamespace;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks, as pid namespaces have them that this process is not in. */
@RequiresKernel
class PidNamespacesTest {
  private static final int SELF = (int) ProcessHandle.current().pid();

  private OwnPidNamespace namespace;

  @TempDir private Path dir;

  @BeforeEach
  void make() {
    namespace = new OwnPidNamespace();
  }

  @AfterEach
  void close() {
    namespace.close();
    assertThat(ProcessHandle.current().children()).as("children").isEmpty();
  }

  /** The processes of a pass of the example {@code task}, which writes ids as this process's. */
  private static Set<Integer> processes(Example task, Namespace... namespaces) throws IOException {
    try (Dump dump = task.dumper().openIn(namespaces)) {
      return processes(dump);
    }
  }

  static Set<Integer> processes(Dump dump) throws IOException {
    Set<Integer> processes = new TreeSet<>();
    Example.rest(dump)
        .lines()
        .skip(1)
        .forEach(line -> processes.add(Integer.valueOf(line.strip().split(" ")[0])));
    return processes;
  }

  @Test
  void tasksAreThoseOfTheNamespace() throws IOException {
    assertThat(namespace.processes()).hasSize(3).contains(namespace.first());
    try (Example task = Example.load("task");
        PidNamespace there = PidNamespace.ofProcess(namespace.first())) {
      assertThat(processes(task, there)).isEqualTo(namespace.processes());
      assertThat(processes(task)).contains(SELF).containsAll(namespace.processes());
      assertThat(there.name()).isEqualTo(Integer.toString(namespace.first()));
    }
  }

  @Test
  void namespacesBelowAreSeenAndThoseAboveAreNot() throws IOException {
    try (OwnPidNamespace inner = new OwnPidNamespace(namespace);
        Example task = Example.load("task");
        PidNamespace here = PidNamespace.at(Path.of("/proc/self/ns/pid"));
        PidNamespace outside = PidNamespace.at(namespace.path());
        PidNamespace inside = PidNamespace.at(inner.path())) {
      assertThat(processes(task, inside)).isEqualTo(inner.processes()).hasSize(3);
      Set<Integer> both = new TreeSet<>(inner.processes());
      both.addAll(namespace.processes());
      assertThat(processes(task, outside)).isEqualTo(both).hasSizeGreaterThan(6);
      assertThat(processes(task, here)).containsAll(both).contains(SELF);
    }
  }

  @Test
  void aFileThatIsMountedNamesANamespace() throws IOException {
    Path file = Files.createFile(dir.resolve("pid"));
    Exec.of("mount", "--bind", namespace.path().toString(), file.toString()).run().ok();
    try (Example task = Example.load("task");
        PidNamespace there = PidNamespace.at(file)) {
      assertThat(processes(task, there)).isEqualTo(namespace.processes());
      assertThat(there.name()).isEqualTo(file.toString());
    } finally {
      Exec.of("umount", file.toString()).run().ok();
    }
  }

  @Test
  void idsAreReadInTheNamespace() throws IOException {
    for (Parameter one : List.of(new Parameter.Pid(1), new Parameter.Tid(1))) {
      try (Example task = Example.load("task", one);
          PidNamespace there = PidNamespace.at(namespace.path())) {
        try (Dump dump = task.dumper().openIn(there)) {
          assertThat(processes(dump)).containsExactly(namespace.first());
        }
        assertThat(processes(task)).doesNotContain(namespace.first());
      }
    }
  }

  @Test
  void aNetworkNamespaceCanBeEnteredAsWell() throws IOException {
    try (org.bpfdump.testkit.NetworkNamespace network = new org.bpfdump.testkit.NetworkNamespace();
        NativeSocket socket = network.socket(AF_INET6, SOCK_STREAM, 0).bind("::1", 4663);
        Example task = Example.load("task");
        Example sockets = Example.load("tcp6");
        NetworkNamespace net = NetworkNamespace.at(network.path());
        PidNamespace pid = PidNamespace.at(namespace.path())) {
      socket.listen(1);
      assertThat(processes(task, net, pid)).isEqualTo(namespace.processes());
      try (Dump dump = sockets.dumper().openIn(pid, net)) {
        assertThat(Example.rest(dump))
            .contains(" " + socket.inode() + " ")
            .isEqualTo(network.proc("tcp6"));
      }
    }
  }

  @Test
  void manyThreadsCanOpenAtOnce() throws Exception {
    try (Example task = Example.load("task");
        PidNamespace there = PidNamespace.at(namespace.path());
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      Set<Integer> known = namespace.processes();
      List<Future<Set<Integer>>> results = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        results.add(threads.submit(() -> processes(task, there)));
      }
      for (Future<Set<Integer>> result : results) {
        assertThat(result.get()).as("those, and what opens the others").containsAll(known);
      }
      assertThat(processes(task, there)).isEqualTo(known);
    }
  }

  @Test
  void aNamespaceWhoseProcessesHaveEndedIsRefused() throws IOException {
    try (Example task = Example.load("task");
        PidNamespace there = PidNamespace.ofProcess(namespace.first())) {
      namespace.close();
      assertThatThrownBy(() -> task.dumper().openIn(there))
          .isInstanceOf(RequestException.class)
          .hasMessage(
              "cannot enter pid namespace %d: it has no process any more; name another"
                  .formatted(namespace.first()));
      assertThatThrownBy(() -> PidNamespace.ofProcess(namespace.first()))
          .hasMessage("no process has the id " + namespace.first());
    }
  }

  @Test
  void aNamespaceThatEndsMeanwhileIsADumpOrAnError() throws Exception {
    long seed = System.nanoTime();
    System.out.println("PidNamespacesTest seed " + seed);
    Random random = new Random(seed);
    try (Example task = Example.load("task")) {
      for (int round = 0; round < 20; round++) {
        OwnPidNamespace ending = new OwnPidNamespace();
        long wait = random.nextInt(6_000_000);
        try (PidNamespace there = PidNamespace.ofProcess(ending.first())) {
          Thread end =
              Thread.startVirtualThread(() -> {
                LockSupport.parkNanos(wait);
                ending.close();
              });
          try (Dump dump = task.dumper().openIn(there)) {
            processes(dump); // of those that are left
          } catch (RequestException e) {
            assertThat(e).hasMessageContaining("it has no process any more");
          }
          end.join();
        }
      }
    }
  }

  @Test
  void aDumpGoesOnWhenTheNamespaceHasEnded() throws IOException {
    Dump dump;
    try (Example task = Example.load("task");
        PidNamespace there = PidNamespace.at(namespace.path())) {
      dump = task.dumper().openIn(there);
    }
    try (dump) {
      namespace.close();
      assertThat(processes(dump)).isEmpty();
    }
  }

  @Test
  void whatIsNoPidNamespaceIsRefused() throws IOException {
    Path file = Files.createFile(dir.resolve("file"));
    for (Path other : List.of(file, Path.of("/dev/null"), Path.of("/proc/self/ns/net"))) {
      assertThatThrownBy(() -> PidNamespace.at(other))
          .isInstanceOf(RequestException.class)
          .hasMessage(
              other + " is no pid namespace; give a process that is in it, or a path to it");
    }
    assertThatThrownBy(() -> PidNamespace.at(dir.resolve("none")))
        .isInstanceOf(RequestException.class)
        .hasMessage("no pid namespace is at " + dir.resolve("none") + ": no such file");
    try (Example task = Example.load("task");
        PidNamespace there = PidNamespace.at(namespace.path())) {
      assertThatThrownBy(() -> task.dumper().openIn(there, there))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
