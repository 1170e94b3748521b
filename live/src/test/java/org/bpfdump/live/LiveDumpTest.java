// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.bpfdump.error.IncompleteException;
import org.bpfdump.error.SyscallException;
import org.bpfdump.kernel.Receipt;
import org.bpfdump.live.sys.Errno;
import org.bpfdump.live.sys.Fd;
import org.junit.jupiter.api.Test;

/** What each answer of read(2) means to a reader. */
class LiveDumpTest {
  private static LiveDump dump(ScriptedSyscalls calls) {
    return new LiveDump(calls, Fd.own(calls, 7), List.of(), "task");
  }

  private static MemorySegment buffer(Arena arena) {
    return arena.allocate(64);
  }

  @Test
  void readsToTheFirstEndAndNotBeyond() {
    ScriptedSyscalls calls = new ScriptedSyscalls(10, 20, 0);
    try (Arena arena = Arena.ofConfined();
        LiveDump dump = dump(calls)) {
      assertThat(dump.read(buffer(arena))).isEqualTo(10);
      assertThat(dump.receipt().missing()).contains("it was not read to its end");
      assertThat(dump.read(buffer(arena))).isEqualTo(20);
      assertThat(dump.read(buffer(arena))).isZero();
      assertThat(dump.read(buffer(arena))).isZero();
      assertThat(dump.receipt()).isEqualTo(new Receipt(30, 3, 0, java.util.Optional.empty()));
      assertThat(dump.receipt()).hasToString("30 bytes, 3 reads, 0 retries, complete");
    }
    assertThat(calls.closed).isEqualTo(1);
  }

  @Test
  void asksAgainWhenTheKernelSaysSo() {
    ScriptedSyscalls calls =
        new ScriptedSyscalls(-Errno.EAGAIN, -Errno.EINTR, -Errno.EAGAIN, 5, -Errno.EAGAIN, 0);
    try (Arena arena = Arena.ofConfined();
        LiveDump dump = dump(calls)) {
      assertThat(dump.read(buffer(arena))).isEqualTo(5);
      assertThat(dump.read(buffer(arena))).isZero();
      assertThat(dump.receipt().retries()).isEqualTo(3);
      assertThat(dump.receipt().complete()).isTrue();
    }
    assertThat(calls.allTaken()).isTrue();
  }

  @Test
  void anOversizedRecordComesAfterWhatWasBeforeIt() {
    ScriptedSyscalls calls = new ScriptedSyscalls(5, -Errno.E2BIG);
    try (Arena arena = Arena.ofConfined();
        LiveDump dump = dump(calls)) {
      assertThat(dump.read(buffer(arena))).isEqualTo(5);
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> dump.read(buffer(arena)))
            .isInstanceOf(IncompleteException.class)
            .hasMessageContaining("one object of task is more than the kernel's buffer holds");
      }
      assertThat(dump.receipt().complete()).isFalse();
    }
  }

  @Test
  void anotherErrorKeepsItsNumber() {
    int enomem = 12;
    try (Arena arena = Arena.ofConfined();
        LiveDump dump = dump(new ScriptedSyscalls(-enomem))) {
      assertThatThrownBy(() -> dump.read(buffer(arena)))
          .isInstanceOfSatisfying(
              SyscallException.class, e -> assertThat(e.errno()).isEqualTo(enomem))
          .hasMessageContaining("reading task failed with ENOMEM (out of memory)");
    }
  }

  @Test
  void noResourceIsDescriptorZero() {
    ScriptedSyscalls calls = new ScriptedSyscalls();
    try (Fd fd = Fd.own(calls, 0)) {
      assertThat(fd.number()).isEqualTo(103);
      assertThat(calls.closed).isEqualTo(1);
    }
    assertThat(calls.closed).isEqualTo(2);
  }
}
