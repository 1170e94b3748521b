// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.sys;

import java.lang.foreign.MemorySegment;

/** The system calls that bpfdump makes. Each returns what the kernel returns, errors negated. */
public interface Syscalls {
  /** bpf(2). */
  long bpf(int command, MemorySegment attributes, int size);

  /** read(2) into native memory. */
  long read(int fd, MemorySegment into, long length);

  /** close(2). */
  long close(int fd);

  /** A close-on-exec duplicate of a descriptor whose number is at least {@code lowest}. */
  long duplicate(int fd, int lowest);

  /** Lifts this process's limit on locked memory, which kernels before 5.11 charge BPF to. */
  long unlimitLockedMemory();

  /**
   * Opens a file for reading, close-on-exec, with openat(2). It does not wait: not even for the
   * other end of a pipe.
   *
   * @param path ends in a zero byte
   */
  long open(MemorySegment path);

  /** Moves this thread into the network namespace of a descriptor, with setns(2). */
  long enterNetworkNamespace(int fd);
}
