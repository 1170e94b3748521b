// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bpfdump.live.sys.Errno;

/** The running kernel, but for programs, which it refuses with a log of another kernel. */
final class RefusingDoor extends KernelDoor {
  private static final int PROG_LOAD = 5;

  private final String log;

  RefusingDoor(String log) {
    this.log = log;
  }

  @Override
  @SuppressWarnings("restricted")
  public long bpf(int command, MemorySegment attributes, int size) {
    if (command != PROG_LOAD) {
      return super.bpf(command, attributes, size);
    }
    int room = attributes.get(ValueLayout.JAVA_INT, 28); // log_size
    if (room > 0) {
      long address = attributes.get(ValueLayout.JAVA_LONG, 32); // log_buf
      MemorySegment.ofAddress(address).reinterpret(room).setString(0, log);
    }
    return -Errno.EINVAL;
  }
}
