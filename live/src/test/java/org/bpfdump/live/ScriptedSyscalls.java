// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import org.bpfdump.live.sys.Syscalls;

/** A door behind which read(2) answers as it was told to, for errors that nobody can provoke. */
final class ScriptedSyscalls implements Syscalls {
  private final Deque<Long> answers = new ArrayDeque<>();

  int closed;

  ScriptedSyscalls(long... reads) {
    for (long answer : reads) {
      answers.add(answer);
    }
  }

  boolean allTaken() {
    return answers.isEmpty();
  }

  @Override
  public long read(int fd, MemorySegment into, long length) {
    return answers.remove();
  }

  @Override
  public long close(int fd) {
    closed++;
    return 0;
  }

  @Override
  public long bpf(int command, MemorySegment attributes, int size) {
    throw new AssertionError("no bpf(2) was expected");
  }

  @Override
  public long duplicate(int fd, int lowest) {
    return lowest + 100L;
  }

  @Override
  public long unlimitLockedMemory() {
    throw new AssertionError("no prlimit(2) was expected");
  }

  @Override
  public long open(MemorySegment path) {
    throw new AssertionError("no openat(2) was expected");
  }

  @Override
  public long enterNetworkNamespace(int fd) {
    throw new AssertionError("no setns(2) was expected");
  }
}
