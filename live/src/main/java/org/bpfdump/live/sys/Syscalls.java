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
}
