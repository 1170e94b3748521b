// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * While processes fork, exec, open and exit as fast as they can, each row is one that could have
 * been true. {@code -Dbpfdump.stress=20} has them do so for 20 seconds.
 */
@RequiresKernel
class BusyProcessesTest {
  private static final int WORKERS = 50;
  private static final long NANOS = TimeUnit.SECONDS.toNanos(Long.getLong("bpfdump.stress", 3)) / 2;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  @TempDir private Path directory;

  record Task(
      int tgid,
      int pid,
      String comm,
      @Field("real_parent.comm") String parent,
      @Field("group_leader.comm") String leader,
      @Field("str(comm)") String again) {}

  record OpenFile(
      int fd,
      @Field("task.tgid") int tgid,
      @Field("task.comm") String comm,
      @Field("path(file.f_path)") String path,
      @Field("str(file.f_path.dentry.d_name.name)") String name) {}

  @Test
  void tasksHaveNamesThatTheyGaveThemselves() throws IOException {
    Set<Integer> processes = new HashSet<>();
    Set<String> names = new HashSet<>();
    try (BusyProcesses _ = BusyProcesses.start(directory, WORKERS);
        LiveKernel kernel = LiveKernel.open()) {
      long start = System.nanoTime();
      while (goesOn(start, processes.size() > 4 * WORKERS && names.size() > WORKERS)) {
        try (Rows<Task> tasks =
            Query.of("task", Task.class)
                .where("cred.uid == " + BusyProcesses.UID)
                .on(kernel)
                .rows()) {
          for (Task task : tasks) {
            assertThat(task.tgid()).isEqualTo(task.pid());
            assertThat(task)
                .matches(t -> BusyProcesses.isName(t.comm()), "has a name")
                .matches(t -> BusyProcesses.isName(t.parent()), "has a parent with a name")
                .matches(t -> BusyProcesses.isName(t.leader()), "is its leader")
                .matches(t -> BusyProcesses.isName(t.again()), "has a name as a string")
                .matches(t -> t.comm().charAt(0) == t.leader().charAt(0), "keeps its letter");
            processes.add(task.pid());
            names.add(task.comm());
          }
          assertThat(tasks.receipt().requireComplete().written()).isGreaterThan(WORKERS);
        }
      }
    }
    assertThat(processes).as("they came and went").hasSizeGreaterThan(4 * WORKERS);
    assertThat(names).hasSizeGreaterThan(WORKERS);
  }

  @Test
  void descriptorsAreOfFilesThatTheirProcessHasOpened() throws IOException {
    Set<Integer> processes = new HashSet<>();
    Set<String> paths = new HashSet<>();
    try (BusyProcesses busy = BusyProcesses.start(directory, WORKERS);
        LiveKernel kernel = LiveKernel.open()) {
      long start = System.nanoTime();
      while (goesOn(start, processes.size() > WORKERS && paths.size() > WORKERS)) {
        try (Rows<OpenFile> files =
            Query.of("task/file", OpenFile.class)
                .where("task.cred.uid == " + BusyProcesses.UID)
                .on(kernel)
                .rows()) {
          for (OpenFile file : files) {
            assertThat(file)
                .matches(f -> BusyProcesses.isName(f.comm()), "is of a process with a name")
                .matches(f -> busy.canBeOpen(f.comm(), f.fd(), f.path()), "can be open")
                .matches(f -> f.path().endsWith(f.name()) || f.fd() <= 2, "has its own name");
            if (file.fd() >= BusyProcesses.FIRST_DESCRIPTOR) {
              processes.add(file.tgid());
              paths.add(file.path());
            }
          }
          files.receipt().requireComplete();
        }
      }
    }
    assertThat(processes).as("they came and went").hasSizeGreaterThan(WORKERS);
    assertThat(paths).hasSizeGreaterThan(WORKERS);
  }

  /** For its time, and longer where a busy machine has not let enough of them run. */
  private static boolean goesOn(long start, boolean enough) {
    long past = System.nanoTime() - start;
    return past < NANOS || (!enough && past < PATIENCE_NANOS);
  }
}
