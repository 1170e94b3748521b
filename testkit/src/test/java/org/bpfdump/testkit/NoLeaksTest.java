// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** Runs tests that leak, and sees that they fail. */
class NoLeaksTest {
  private static FileChannel channel;
  private static Path bpffs;

  @Test
  void aDescriptorLeftOpenFailsTheTest() throws IOException {
    Events events = run("leavesADescriptor");
    channel.close();

    events.assertThatEvents().haveExactly(1, failure("/version"));
  }

  @Test
  void aClosedDescriptorDoesNot() {
    assertThat(run("closesItsDescriptor").succeeded().count()).isEqualTo(1);
  }

  @Test
  @RequiresKernel
  void aMapLeftInTheKernelFailsTheTest() throws IOException {
    bpffs = Files.createTempDirectory("bpfdump");
    Events events;
    Exec.of("mount", "-t", "bpf", "bpf", bpffs.toString()).run().ok();
    try {
      events = run("leavesAMap");
    } finally {
      Exec.of("umount", bpffs.toString()).run().ok();
      Files.delete(bpffs);
    }

    events.assertThatEvents().haveExactly(1, failure("name leaky"));
  }

  private static Condition<Event> failure(String text) {
    return finishedWithFailure(message(m -> m.startsWith("left behind") && m.contains(text)));
  }

  private static Events run(String method) {
    return EngineTestKit.engine("junit-jupiter")
        .selectors(selectMethod(Leaky.class, method))
        .execute()
        .testEvents();
  }

  @NoLeaks
  static class Leaky {
    @Test
    void leavesADescriptor() throws IOException {
      channel = FileChannel.open(Path.of("/proc/version"));
    }

    @Test
    void closesItsDescriptor() throws IOException {
      FileChannel.open(Path.of("/proc/version")).close();
    }

    @Test
    void leavesAMap() {
      Exec.sh(
              "bpftool map create %s/m type array key 4 value 4 entries 1 name leaky"
                  .formatted(bpffs))
          .run()
          .ok();
    }
  }
}
