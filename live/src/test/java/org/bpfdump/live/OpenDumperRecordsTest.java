// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What no test can have a kernel do when it likes. */
class OpenDumperRecordsTest {
  private static final int SIZE = 144;

  private final ByteBuffer bytes = ByteBuffer.allocate(1 << 14).order(ByteOrder.nativeOrder());

  private void record(long table, int pid, int tid, int fd, int flags) {
    int end = bytes.position() + SIZE;
    bytes.putLong(table).putLong(7).putLong(-1).putInt(pid).putInt(tid).putInt(fd);
    bytes.putInt(3).putInt(4).putInt(flags);
    field("comm", 16);
    field("by_hand_and_cut!", 16); // without a 0
    field("unheard_of", 64);
    assertThat(bytes.position()).isEqualTo(end);
  }

  private void field(String text, int size) {
    int end = bytes.position() + size;
    bytes.put(text.getBytes(StandardCharsets.UTF_8)).position(end);
  }

  private List<OpenDumper> decode() {
    byte[] all = new byte[bytes.position()];
    bytes.get(0, all);
    return new OpenDumperRecords(List.of()).decode(all);
  }

  @Test
  void aTableThatSeveralThreadsShareIsTakenOnceForEachProcess() {
    record(1, 20, 21, 5, 0);
    record(1, 20, 22, 5, 0); // the first thread of the process has ended: both are told
    record(2, 20, 23, 5, 0); // a table of its own
    record(1, 10, 10, 5, 0); // a process that shares it with another

    assertThat(decode())
        .extracting(dumper -> dumper.pid() + " " + dumper.tid())
        .containsExactly("10 10", "20 21", "20 23");
  }

  @Test
  void aPathIsPutTogetherFromItsEndAndOneTooDeepSaysSo() {
    record(1, 1, 1, 3, 1);
    List.of("f", "task", "").forEach(name -> field(name, 256));
    record(1, 1, 1, 4, 1 | 2);
    List.of("f", "deep", "/").forEach(name -> field(name, 256));
    record(1, 1, 1, 5, 4);

    assertThat(decode())
        .extracting(OpenDumper::file)
        .containsExactly(
            Optional.of(new OpenDumper.File("/task/f", false, 4)),
            Optional.of(new OpenDumper.File(".../deep/f", true, 4)),
            Optional.empty());
    assertThat(decode()).extracting(OpenDumper::ended).containsExactly(false, false, true);
  }

  @Test
  void whatIsUnknownStaysAsTheKernelHasIt() {
    record(1, 1, 1, 3, 0);

    OpenDumper dumper = decode().getFirst();

    assertThat(dumper.target()).isEqualTo("unheard_of");
    assertThat(dumper.programName()).isEqualTo("by_hand_and_cut!");
    assertThat(dumper.passed()).isZero();
  }
}
