// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bpfdump.error.RequestException;
import org.bpfdump.kernel.Dump;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.testkit.Bpffs;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.Project;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Maps that a program wants to share by a name in the file system. */
@RequiresKernel
class PinnedMapTest {
  private static final Path PIN = Bpffs.ROOT.resolve("fixture_pinned");

  private static Bpffs bpffs;

  @BeforeAll
  static void mount() {
    bpffs = Bpffs.open();
  }

  @AfterAll
  static void unmount() {
    bpffs.close();
  }

  @AfterEach
  void unpin() throws IOException {
    Files.deleteIfExists(PIN);
  }

  /** Counts in the shared map, and shows the count. */
  private static List<String> count() throws IOException {
    Path object = Project.fixtures().resolve("clang-14/map_pinned.bpf.o");
    try (LiveKernel kernel = LiveKernel.open();
        LiveDumper dumper = kernel.load(ObjectFile.read(object).program());
        Dump dump = dumper.open()) {
      return dump.lines().toList();
    }
  }

  @Test
  void theMapOutlivesItsDumperAndTheNextOneTakesIt() throws IOException {
    assertThat(count()).containsExactly("1");
    assertThat(PIN).exists();
    assertThat(count()).containsExactly("2");
    Files.delete(PIN);
    assertThat(count()).containsExactly("1");
  }

  @Test
  void anotherMapOfThatNameIsNotTakenForIt() {
    Exec.sh("bpftool map create " + PIN + " type hash key 4 value 8 entries 1 name other")
        .run()
        .ok();
    assertThatThrownBy(PinnedMapTest::count)
        .isInstanceOf(RequestException.class)
        .hasMessageContaining("cannot use the map pinned at " + PIN)
        .hasMessageContaining("its type, sizes or flags differ");
    assertThat(PIN).exists();
  }
}
