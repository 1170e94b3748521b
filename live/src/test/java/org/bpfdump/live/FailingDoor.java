// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.lang.foreign.MemorySegment;

/** The running kernel, but for one command of bpf(2), which fails. Counts the programs loaded. */
final class FailingDoor extends KernelDoor {
  static final int OBJ_PIN = 6;
  static final int LINK_CREATE = 28;

  private static final int PROG_LOAD = 5;

  private final int failing;
  private final int errno;

  int loads;

  FailingDoor(int failing, int errno) {
    this.failing = failing;
    this.errno = errno;
  }

  @Override
  public long bpf(int command, MemorySegment attributes, int size) {
    loads += command == PROG_LOAD ? 1 : 0;
    return command == failing ? -errno : super.bpf(command, attributes, size);
  }
}
