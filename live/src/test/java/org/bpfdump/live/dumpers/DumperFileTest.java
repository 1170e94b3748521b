// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.dumpers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bpfdump.error.RequestException;
import org.bpfdump.kernel.Dump;
import org.bpfdump.live.DumperFile;
import org.bpfdump.live.DumperTree;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.live.NetworkNamespace;
import org.bpfdump.live.PidNamespace;
import org.bpfdump.live.PinnedDumper;
import org.bpfdump.testkit.Bpffs;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.OwnPidNamespace;
import org.bpfdump.testkit.Project;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that other tools pinned, read as dumps. */
@RequiresKernel
class DumperFileTest {
  private static final Path DIRECTORY = Bpffs.ROOT.resolve("bpfdump-file-test");

  private Bpffs bpffs;

  @TempDir private Path dir;

  @BeforeEach
  void make() throws IOException {
    bpffs = Bpffs.open();
    Files.createDirectory(DIRECTORY);
  }

  @AfterEach
  void close() throws IOException {
    try (var pins = Files.newDirectoryStream(DIRECTORY)) {
      for (Path pin : pins) {
        Files.delete(pin);
      }
    }
    Files.delete(DIRECTORY);
    bpffs.close();
  }

  private static Path pin(String example) {
    Path file = DIRECTORY.resolve(example);
    Exec.of("bpftool", "iter", "pin", Project.example(example).toString(), file.toString())
        .run()
        .ok();
    return file;
  }

  @Test
  void itIsReadAsItsNamespacesHaveIt() throws IOException {
    DumperFile routes = new DumperFile(pin("ipv6_route"));
    DumperFile tasks = new DumperFile(pin("task"));
    try (org.bpfdump.testkit.NetworkNamespace network = new org.bpfdump.testkit.NetworkNamespace();
        OwnPidNamespace processes = new OwnPidNamespace();
        NetworkNamespace net = NetworkNamespace.at(network.path());
        PidNamespace pid = PidNamespace.at(processes.path())) {
      network.ip("route add fd53::/64 dev lo");
      try (Dump dump = routes.openIn(net)) {
        assertThat(Example.rest(dump)).contains("fd53").isEqualTo(network.proc("ipv6_route"));
      }
      try (Dump dump = routes.openIn(net, pid)) {
        assertThat(Example.rest(dump)).isEqualTo(network.proc("ipv6_route"));
      }
      try (Dump dump = routes.open()) {
        assertThat(Example.rest(dump)).doesNotContain("fd53");
      }
      try (Dump dump = tasks.openIn(pid)) {
        assertThat(PidNamespacesTest.processes(dump)).isEqualTo(processes.processes());
      }
      try (Dump dump = tasks.open()) {
        assertThat(PidNamespacesTest.processes(dump)).contains((int) ProcessHandle.current().pid());
      }
    }
    assertThat(ProcessHandle.current().children()).as("children").isEmpty();
  }

  @Test
  void aPinnedDumperThatWasListedIsRead() throws IOException {
    Path file = pin("task");
    try (LiveKernel kernel = LiveKernel.open()) {
      PinnedDumper found =
          DumperTree.of(kernel).list().dumpers().stream()
              .filter(each -> each.file().equals(file))
              .findFirst()
              .orElseThrow();
      try (Dump dump = found.open()) {
        Files.delete(file);
        assertThat(PidNamespacesTest.processes(dump)).contains((int) ProcessHandle.current().pid());
      }
    }
  }

  private static void refused(Path file, String message) {
    assertThatThrownBy(() -> new DumperFile(file).open())
        .isInstanceOf(RequestException.class)
        .hasMessage(message);
  }

  @Test
  void whatIsNoDumperIsNotOpened() throws IOException {
    Path none = DIRECTORY.resolve("none");
    refused(none, "no dumper is pinned at " + none);
    refused(DIRECTORY, "no dumper but a directory is " + DIRECTORY + "; name one in it");
    Path file = Files.createFile(dir.resolve("file"));
    refused(file, "no dumper is " + file + ": dumpers are files in a bpffs");
    Path map = DIRECTORY.resolve("map");
    Exec.sh("bpftool map create " + map + " type hash key 4 value 4 entries 1 name m").run().ok();
    refused(map, "no dumper is what is pinned at " + map);
  }
}
