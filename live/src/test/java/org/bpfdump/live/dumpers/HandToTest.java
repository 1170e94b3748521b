// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.dumpers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.error.RequestException;
import org.bpfdump.live.DumpProcess;
import org.bpfdump.live.LiveDump;
import org.bpfdump.testkit.NetworkNamespace;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dump read by a program that is given its descriptor. */
@RequiresKernel
class HandToTest {
  private NetworkNamespace namespace;
  private Example routes;
  private String all;

  @TempDir private Path dir;

  @BeforeEach
  void makeRoutes() throws IOException {
    namespace = new NetworkNamespace();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      lines.add("route add unreachable fd41:%x::/64".formatted(i));
    }
    namespace.ip(lines.toArray(String[]::new));
    routes = Example.load("ipv6_route");
    all = namespace.proc("ipv6_route");
    assertThat(all).hasSizeGreaterThan(1 << 16).contains("fd410257");
  }

  @AfterEach
  void close() {
    assertThat(ProcessHandle.current().children()).as("children").isEmpty();
    routes.close();
    namespace.close();
  }

  /** Gives a dump to a script that writes to a file; what it wrote. */
  private String handTo(LiveDump dump, String script) throws IOException {
    Path file = dir.resolve("out");
    try (DumpProcess process =
        dump.handTo("sh", "-c", "exec >\"$1\"; " + script, "sh", file.toString())) {
      assertThat(process.waitFor()).isZero();
    }
    return Files.readString(file);
  }

  @Test
  void theProgramReadsTheDump() throws IOException {
    LiveDump dump = routes.open(namespace);

    assertThat(handTo(dump, "exec cat")).isEqualTo(all);

    assertThat(dump.receipt().missing().orElseThrow()).startsWith("it was handed to process ");
    assertThatThrownBy(() -> dump.stream().read()).isInstanceOf(IllegalStateException.class);
    dump.close();
  }

  @Test
  void theProgramGoesOnWhereThisProcessStopped() throws IOException {
    LiveDump dump = routes.open(namespace);
    byte[] taken = new byte[64 << 10]; // as much as a stream takes ahead
    int n = dump.stream().read(taken, 0, taken.length);

    String rest = handTo(dump, "exec cat");

    assertThat(rest).isNotEmpty();
    assertThat(new String(taken, 0, n, StandardCharsets.UTF_8) + rest).isEqualTo(all);
  }

  @Test
  void theProgramHasThreeDescriptorsAndNoSignalBlocked() throws IOException {
    Path file = Files.createFile(dir.resolve("open"));
    try (FileInputStream _ = new FileInputStream(file.toFile())) { // Java does not close it on exec
      LiveDump dump = routes.open(namespace);
      String script = "ls -l /proc/$$/fd; grep SigBlk: /proc/$$/status; echo \"$JAVA_HOME\"";

      List<String> lines = handTo(dump, script).lines().toList();

      assertThat(lines).hasSize(6);
      assertThat(lines.get(1)).contains(" 0 -> anon_inode:bpf_iter");
      assertThat(lines.get(2)).contains(" 1 -> " + dir.resolve("out"));
      assertThat(lines.get(3)).contains(" 2 -> ");
      assertThat(lines.get(4)).isEqualTo("SigBlk:\t0000000000000000");
      String home = System.getenv("JAVA_HOME");
      assertThat(lines.get(5)).isEqualTo(home == null ? "" : home);
    }
  }

  @Test
  void itsEndIsTold() {
    try (DumpProcess process = routes.dumper().open().handTo("sh", "-c", "exit 7")) {
      assertThat(process.waitFor()).isEqualTo(7);
      assertThat(process.waitFor()).isEqualTo(7);
    }
    try (DumpProcess process = routes.dumper().open().handTo("sh", "-c", "kill -TERM $$")) {
      assertThat(process.waitFor()).isEqualTo(143);
    }
  }

  @Test
  void closingEndsIt() throws InterruptedException {
    DumpProcess process = routes.dumper().open().handTo("sleep", "infinity");
    assertThat(Path.of("/proc/" + process.pid())).exists();
    Thread waiting = Thread.ofPlatform().start(process::waitFor);
    process.close();
    process.close();
    waiting.join();
    assertThat(process.waitFor()).isEqualTo(137);
    assertThat(Path.of("/proc/" + process.pid())).doesNotExist();
  }

  @Test
  void aProgramThatIsNotThereLeavesTheDumpAsItWas() throws IOException {
    try (LiveDump dump = routes.open(namespace)) {
      assertThatThrownBy(() -> dump.handTo("no-such-program"))
          .isInstanceOf(RequestException.class)
          .hasMessage("cannot start no-such-program: no such program");
      assertThatThrownBy(() -> dump.handTo(dir.toString()))
          .hasMessage("cannot start " + dir + ": EACCES (permission denied)");
      assertThatThrownBy(dump::handTo).isInstanceOf(IllegalArgumentException.class);
      assertThat(Example.rest(dump)).isEqualTo(all);
    }
  }
}
