// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bpfdump.live.sys.Errno;
import org.bpfdump.live.sys.Libc;
import org.bpfdump.live.sys.Syscalls;

/** The running kernel, but for programs, which it refuses with a log of another kernel. */
final class RefusingDoor implements Syscalls {
  private static final int PROG_LOAD = 5;

  private final Libc kernel = new Libc();
  private final String log;

  RefusingDoor(String log) {
    this.log = log;
  }

  @Override
  @SuppressWarnings("restricted")
  public long bpf(int command, MemorySegment attributes, int size) {
    if (command != PROG_LOAD) {
      return kernel.bpf(command, attributes, size);
    }
    int room = attributes.get(ValueLayout.JAVA_INT, 28); // log_size
    if (room > 0) {
      long address = attributes.get(ValueLayout.JAVA_LONG, 32); // log_buf
      MemorySegment.ofAddress(address).reinterpret(room).setString(0, log);
    }
    return -Errno.EINVAL;
  }

  @Override
  public long read(int fd, MemorySegment into, long length) {
    return kernel.read(fd, into, length);
  }

  @Override
  public long close(int fd) {
    return kernel.close(fd);
  }

  @Override
  public long duplicate(int fd, int lowest) {
    return kernel.duplicate(fd, lowest);
  }

  @Override
  public long unlimitLockedMemory() {
    return kernel.unlimitLockedMemory();
  }

  @Override
  public long open(MemorySegment path) {
    return kernel.open(path);
  }

  @Override
  public long enterNetworkNamespace(int fd) {
    return kernel.enterNetworkNamespace(fd);
  }
}
