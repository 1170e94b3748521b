// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;

@RequiresKernel
class QueryTest {
  record TaskRow(int tgid, int pid, String comm, @Field("mm.total_vm * 4") Long kilobytes) {}

  record OpenFile(
      int tgid, @Field("task.comm") String comm, int fd, @Field("path(file.f_path)") String path) {}

  @Test
  void rowsAreRecords() throws Exception {
    long self = ProcessHandle.current().pid();
    try (LiveKernel kernel = LiveKernel.open();
        Rows<TaskRow> processes =
            Query.of("task", TaskRow.class).where("tgid == " + self).on(kernel).rows()) {
      List<TaskRow> read = new ArrayList<>();
      processes.forEach(read::add);

      assertThat(processes.receipt().requireComplete().written()).isEqualTo(read.size());
      assertThat(processes.receipt().visited().orElseThrow()).isGreaterThan(read.size());
      assertThat(read).allMatch(p -> p.tgid() == self).anyMatch(p -> p.pid() == self);
      for (TaskRow process : read) {
        Path comm = Path.of("/proc/self/task/" + process.pid() + "/comm");
        if (Files.exists(comm)) {
          assertThat(process.comm() + "\n").isEqualTo(Files.readString(comm));
        }
      }
    }
  }

  @Test
  void openFilesHaveTheirPaths() throws Exception {
    long self = ProcessHandle.current().pid();
    Path file = Files.createTempFile("bpfdump", ".txt");
    try (LiveKernel kernel = LiveKernel.open();
        var _ = Files.newInputStream(file);
        Rows<OpenFile> files =
            Query.of("task/file", OpenFile.class).where("tgid == " + self).on(kernel).rows()) {
      List<OpenFile> read = new ArrayList<>();
      files.forEach(read::add);
      files.receipt().requireComplete();

      assertThat(read).anyMatch(f -> f.path().equals(file.toString()));
      for (OpenFile open : read) {
        Path link = Path.of("/proc/self/fd/" + open.fd());
        if (open.path().startsWith("/") && Files.exists(link)) {
          assertThat(open.path()).isEqualTo(Files.readSymbolicLink(link).toString());
        }
      }
    } finally {
      Files.delete(file);
    }
  }
}
